using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using NamespaceMode = CriGuard.Core.Workloads.NamespaceMode;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Cri.Tests.Facts;

public sealed class ContainerReaderTests
{
    private static readonly SandboxFacts Pinned = new() { Pod = new PodIdentity("team-a", "web-0", "2f1c"), RuntimeHandler = "runc" };

    [Fact]
    public void A_request_gives_all_that_rules_look_at()
    {
        var facts = ContainerReader.Read(Messages.Receive(Messages.CreateContainer()), Pinned);

        Assert.Same(Pinned, facts.Sandbox);
        Assert.Equal("web", facts.Name);
        Assert.Equal(new ImageFacts("sha256:0f", "registry.example/web:1"), facts.Image);
        Assert.False(facts.Privileged);
        Assert.False(facts.NoNewPrivileges);
        Assert.Equal(NamespaceMode.Container, facts.Namespaces.Pid);
        Assert.Equal<IEnumerable<string>>(["NET_BIND_SERVICE"], facts.Capabilities.Add);
        Assert.Equal<IEnumerable<string>>(["ALL"], facts.Capabilities.Drop);
        Assert.Empty(facts.Capabilities.AddAmbient);
        Assert.Equal(SecurityProfile.Unconfined, facts.Seccomp);
        Assert.Null(facts.AppArmor);
        Assert.Empty(facts.Anomalies);
    }

    [Fact]
    public void Capabilities_keep_the_spelling_that_was_sent()
    {
        var facts = ContainerReader.Read(Messages.Receive(Messages.CreateContainer(static c =>
        {
            c.Capabilities.DropCapabilities.Add("CAP_sys_module");
            c.Capabilities.AddAmbientCapabilities.Add("cap_chown");
        })), Pinned);

        Assert.Equal<IEnumerable<string>>(["ALL", "CAP_sys_module"], facts.Capabilities.Drop);
        Assert.Equal<IEnumerable<string>>(["cap_chown"], facts.Capabilities.AddAmbient);
    }

    [Fact]
    public void Privileged_and_no_new_privs_are_read()
    {
        var facts = ContainerReader.Read(Messages.Receive(Messages.CreateContainer(static c => (c.Privileged, c.NoNewPrivs) = (true, true))), Pinned);

        Assert.True(facts.Privileged);
        Assert.True(facts.NoNewPrivileges);
    }

    [Fact]
    public void The_copy_of_the_sandbox_in_the_request_is_kept_apart()
    {
        var request = Messages.CreateContainer();
        request.SandboxConfig.Labels["app"] = "edited";
        request.SandboxConfig.Linux.SecurityContext.Privileged = true;

        var facts = ContainerReader.Read(Messages.Receive(request), Pinned);

        Assert.Equal("edited", facts.Resent!.Labels["app"]);
        Assert.True(facts.Resent.Privileged);
        Assert.Null(facts.Sandbox.Privileged);
    }

    [Fact]
    public void An_empty_request_asks_for_nothing()
    {
        var facts = ContainerReader.Read(Messages.Receive(new CreateContainerRequest()), Pinned);

        Assert.Null(facts.Resent);
        Assert.Equal("", facts.Name);
        Assert.Equal(new ImageFacts("", ""), facts.Image);
        Assert.Same(CapabilityRequest.None, facts.Capabilities);
        Assert.Null(facts.Seccomp);
        Assert.Null(facts.AppArmor);
    }

    [Fact]
    public void What_is_odd_in_the_copy_of_the_sandbox_is_told_with_its_path()
    {
        var request = Messages.CreateContainer();
        request.SandboxConfig.Linux.SecurityContext.Seccomp = null;
        request.SandboxConfig.Linux.SecurityContext.SeccompProfilePath = "bogus";

        var facts = ContainerReader.Read(Messages.Receive(request), Pinned);

        Assert.All(facts.Anomalies, static a => Assert.Equal("sandbox_config.linux.security_context.seccomp_profile_path", a.Field));
        Assert.NotEmpty(facts.Anomalies);
    }
}
