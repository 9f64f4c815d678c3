using System.Runtime.InteropServices;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using Google.Protobuf;
using ProfileType = CriGuard.Cri.Runtime.SecurityProfile.Types.ProfileType;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Cri.Tests.Requests;

public sealed class RequestPatcherTests
{
    [Fact]
    public void Without_a_change_the_same_memory_goes_on()
    {
        var bytes = Messages.CreateContainer().ToByteArray();
        var forwarded = RequestPatcher.Apply(Messages.Receive<CreateContainerRequest>(bytes), []);

        Assert.True(MemoryMarshal.TryGetArray(forwarded, out var segment));
        Assert.Same(bytes, segment.Array);
        Assert.Equal(bytes.Length, segment.Count);
    }

    [Fact]
    public void A_request_that_says_a_thing_twice_goes_on_as_it_was_judged()
    {
        byte[] bytes = [.. new RunPodSandboxRequest { RuntimeHandler = "runc" }.ToByteArray(), .. Messages.RunPodSandbox().ToByteArray()];

        var forwarded = RequestPatcher.Apply(Messages.Receive<RunPodSandboxRequest>(bytes), []);

        Assert.Equal(Messages.RunPodSandbox().ToByteArray(), forwarded.ToArray());
    }

    [Fact]
    public void A_start_that_names_two_containers_goes_on_with_the_one_that_was_judged()
    {
        byte[] once = new StartContainerRequest { ContainerId = "judged" }.ToByteArray();
        byte[] twice = [.. new StartContainerRequest { ContainerId = "other" }.ToByteArray(), .. once];

        Assert.Equal(once, RequestPatcher.Apply(Messages.Receive<StartContainerRequest>(twice)).ToArray());
        Assert.Equal(once, RequestPatcher.Apply(Messages.Receive<StartContainerRequest>(once)).ToArray());
    }

    public static TheoryData<SecurityProfile, ProfileType, string, string> Profiles => new()
    {
        { SecurityProfile.RuntimeDefault, ProfileType.RuntimeDefault, "", "runtime/default" },
        { SecurityProfile.Unconfined, ProfileType.Unconfined, "", "unconfined" },
        { SecurityProfile.Localhost("/etc/guard/base.json"), ProfileType.Localhost, "/etc/guard/base.json", "localhost//etc/guard/base.json" },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_seccomp_profile_is_written_in_both_forms_and_nothing_else_is(
        SecurityProfile profile, ProfileType type, string reference, string deprecated)
    {
        var sent = new Runtime.SecurityProfile { ProfileType = ProfileType.Localhost, LocalhostRef = "/tmp/x" };
        var request = Messages.CreateContainer(c => c.Seccomp = sent);
        var expected = request.Clone();
        expected.Config.Linux.SecurityContext.Seccomp = new Runtime.SecurityProfile { ProfileType = type, LocalhostRef = reference };
        expected.Config.Linux.SecurityContext.SeccompProfilePath = deprecated;

        Assert.Equal(expected, Patched(request, new Edit.Seccomp(profile)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void An_apparmor_profile_is_written_in_both_forms_and_nothing_else_is(
        SecurityProfile profile, ProfileType type, string reference, string deprecated)
    {
        var request = Messages.CreateContainer(static c => c.ApparmorProfile = "unconfined");
        var expected = request.Clone();
        expected.Config.Linux.SecurityContext.Apparmor = new Runtime.SecurityProfile { ProfileType = type, LocalhostRef = reference };
        expected.Config.Linux.SecurityContext.ApparmorProfile = deprecated;

        Assert.Equal(expected, Patched(request, new Edit.AppArmor(profile)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_profile_that_was_written_reads_back_as_itself_with_nothing_odd(SecurityProfile profile, params object[] _)
    {
        var request = Messages.CreateContainer(static c => (c.SeccompProfilePath, c.ApparmorProfile) = ("bogus", "localhost/other"));

        var patched = Patched(request, new Edit.Seccomp(profile), new Edit.AppArmor(profile));
        var facts = ContainerReader.Read(Messages.Receive(patched), new SandboxFacts { Pod = new PodIdentity("", "", "") });

        Assert.Equal(profile, facts.Seccomp);
        Assert.Equal(profile, facts.AppArmor);
        Assert.Empty(facts.Anomalies);
    }

    [Fact]
    public void Capabilities_replace_the_lists_sent_and_ambient_ones_go()
    {
        var request = Messages.CreateContainer(static c => c.Capabilities.AddAmbientCapabilities.Add("SYS_ADMIN"));
        var expected = request.Clone();
        var given = new Capability { AddCapabilities = { "CHOWN" }, DropCapabilities = { "ALL", "NET_RAW" } };
        expected.Config.Linux.SecurityContext.Capabilities = given;

        Assert.Equal(expected, Patched(request, new Edit.Capabilities(["CHOWN"], ["ALL", "NET_RAW"])));
    }

    [Fact]
    public void No_new_privileges_is_set_and_nothing_else_is()
    {
        var expected = Messages.CreateContainer(static c => c.NoNewPrivs = true);

        Assert.Equal(expected, Patched(Messages.CreateContainer(), new Edit.NoNewPrivileges()));
    }

    [Fact]
    public void Messages_that_were_not_sent_are_made()
    {
        var patched = Patched(new CreateContainerRequest { PodSandboxId = "5a" }, new Edit.NoNewPrivileges(), new Edit.Capabilities(["CHOWN"], []));

        Assert.Equal("5a", patched.PodSandboxId);
        Assert.True(patched.Config.Linux.SecurityContext.NoNewPrivs);
        Assert.Equal(["CHOWN"], patched.Config.Linux.SecurityContext.Capabilities.AddCapabilities);

        // CRI-O gives it where there is no security context at all; one that is made must not take it away.
        Assert.Equal(Cri.Runtime.SecurityProfile.Types.ProfileType.RuntimeDefault, patched.Config.Linux.SecurityContext.Seccomp.ProfileType);
    }

    [Fact]
    public void A_handler_changes_the_handler_alone()
    {
        var expected = Messages.RunPodSandbox();
        expected.RuntimeHandler = "runsc";

        var patched = RequestPatcher.Apply(Messages.Receive(Messages.RunPodSandbox()), Messages.Changes(new Edit.RuntimeHandler("runsc")));

        Assert.Equal(expected, RunPodSandboxRequest.Parser.ParseFrom(patched.Span));
    }

    [Fact]
    public void The_sandbox_process_gets_its_seccomp_profile_in_both_forms_even_where_nothing_was_sent()
    {
        var changes = Messages.Changes(new Edit.Seccomp(SecurityProfile.RuntimeDefault));
        var patched = RequestPatcher.Apply(Messages.Receive(new RunPodSandboxRequest()), changes);

        var context = RunPodSandboxRequest.Parser.ParseFrom(patched.Span).Config.Linux.SecurityContext;
        Assert.Equal(new Runtime.SecurityProfile(), context.Seccomp);
        Assert.Equal("runtime/default", context.SeccompProfilePath);
    }

    [Fact]
    public void An_edit_without_a_place_in_the_request_is_never_dropped_in_silence()
    {
        var container = Messages.Receive(Messages.CreateContainer());
        var sandbox = Messages.Receive(Messages.RunPodSandbox());

        Assert.Throws<ArgumentException>(() => RequestPatcher.Apply(container, Messages.Changes(new Edit.RuntimeHandler("runsc"))));
        Assert.Throws<ArgumentException>(() => RequestPatcher.Apply(sandbox, Messages.Changes(new Edit.NoNewPrivileges())));
    }

    [Fact]
    public void The_parsed_request_stays_as_it_came()
    {
        var request = Messages.Receive(Messages.CreateContainer());
        RequestPatcher.Apply(request, Messages.Changes(new Edit.NoNewPrivileges()));

        Assert.Equal(Messages.CreateContainer(), request.Message);
    }

    private static CreateContainerRequest Patched(CreateContainerRequest request, params Edit[] edits) =>
        CreateContainerRequest.Parser.ParseFrom(RequestPatcher.Apply(Messages.Receive(request), Messages.Changes(edits)).Span);
}
