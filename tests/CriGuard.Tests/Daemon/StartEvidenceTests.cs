using System.Collections.Immutable;
using System.Diagnostics;
using CriGuard.Core.Workloads;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Linux.Mounts;

namespace CriGuard.Tests.Daemon;

/// <summary>What the node is asked of a container that is about to start.</summary>
public sealed class StartEvidenceTests : IDisposable
{
    private const string Filter = """{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ALLOW" }] }""";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_file_of_a_Localhost_profile_is_read_through_links()
    {
        File.CreateSymbolicLink(_directory.File("link.json"), _directory.Write("web.json", Filter));

        Assert.Equal("SCMP_ACT_ERRNO", (await ProfileAsync(_directory.File("link.json")))!.DefaultAction);
    }

    [Fact]
    public async Task T_M13_a_profile_that_is_no_ordinary_file_is_not_opened()
    {
        using (var mkfifo = Process.Start("mkfifo", _directory.File("pipe")))
            await mkfifo.WaitForExitAsync();

        Assert.Null(await ProfileAsync(_directory.File("pipe")));
        Assert.Null(await ProfileAsync(_directory.Path));
        Assert.Null(await ProfileAsync("/dev/zero"));
        Assert.Null(await ProfileAsync(_directory.File("nowhere")));
    }

    [Fact]
    public async Task A_profile_that_is_too_large_or_none_is_not_compared()
    {
        Assert.Null(await ProfileAsync(_directory.Write("large.json", Filter + new string(' ', 1024 * 1024))));
        Assert.Null(await ProfileAsync(_directory.Write("text.json", "no filter")));
    }

    [Fact]
    public async Task T_M2_mounts_that_were_asked_for_are_followed_like_those_of_the_spec()
    {
        var real = Directory.CreateDirectory(_directory.File("real")).FullName;
        File.CreateSymbolicLink(_directory.File("link"), real);
        var facts = Facts(SecurityProfile.RuntimeDefault);
        facts = facts with
        {
            Asked = facts.Asked! with { Mounts = [new MountFacts { ContainerPath = "/a", HostPath = _directory.File("link") }] },
            Spec = facts.Spec! with { Mounts = [new MountFacts { ContainerPath = "/a", HostPath = real }, new MountFacts { ContainerPath = "/b", HostPath = "/etc" }] },
        };

        var (_, complete) = await Evidence().CompleteAsync(new NodeFacts(), facts);

        Assert.Equal([real, "/etc"], complete.Spec!.Mounts.Select(static m => m.Target!.Path));
        Assert.Equal([real], complete.Asked!.Mounts.Select(static m => m.Target!.Path));
    }

    private static StartEvidence Evidence() => new(new HostPaths(static () => MountView.Own, TimeProvider.System));

    private static async Task<FilterRules?> ProfileAsync(string path) =>
        (await Evidence().CompleteAsync(new NodeFacts(), Facts(SecurityProfile.Localhost(path)))).Facts.Profile;

    private static StartFacts Facts(SecurityProfile seccomp)
    {
        var sandbox = new SandboxFacts { Pod = new PodIdentity("dev", "web-0", "u") };
        var image = new ImageFacts("", "");
        var none = ImmutableSortedSet<string>.Empty;
        return new StartFacts
        {
            Sandbox = sandbox,
            ContainerName = "web",
            Image = image,
            Asked = new ContainerFacts { Sandbox = sandbox, Name = "web", Image = image, Seccomp = seccomp },
            Spec = new EffectiveSpec { Capabilities = none, NoNewPrivileges = true, AppArmorProfile = "", SeccompDefaultAction = null, OwnNamespaces = none, MaskedPaths = none },
        };
    }
}
