using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using NamespaceMode = CriGuard.Core.Workloads.NamespaceMode;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Cri.Tests.Facts;

public sealed class SandboxReaderTests
{
    [Fact]
    public void A_request_gives_all_that_rules_look_at()
    {
        var facts = SandboxReader.Read(Messages.Receive(Messages.RunPodSandbox()));

        Assert.Equal(new PodIdentity("team-a", "web-0", "2f1c"), facts.Pod);
        Assert.Equal("web", facts.Labels["app"]);
        Assert.Equal("api", facts.ConfigSource);
        Assert.Equal("runc", facts.RuntimeHandler);
        Assert.Equal(new NamespaceModes(NamespaceMode.Pod, NamespaceMode.Container, NamespaceMode.Pod), facts.Namespaces);
        Assert.False(facts.Privileged);
        Assert.Equal(SecurityProfile.RuntimeDefault, facts.Seccomp);
        Assert.Empty(facts.Anomalies);
    }

    [Fact]
    public void An_empty_request_is_a_pod_without_a_name_that_asks_for_nothing()
    {
        var facts = SandboxReader.Read(Messages.Receive(new RunPodSandboxRequest()));

        Assert.Equal(new PodIdentity("", "", ""), facts.Pod);
        Assert.False(facts.Privileged);
        Assert.Null(facts.Seccomp);
        Assert.Equal(NamespaceModes.Default, facts.Namespaces);
    }

    [Fact]
    public void A_namespace_mode_that_no_version_has_is_the_nodes()
    {
        var request = Messages.RunPodSandbox();
        var odd = new NamespaceOption { Network = (Runtime.NamespaceMode)9, Ipc = (Runtime.NamespaceMode)(-1) };
        request.Config.Linux.SecurityContext.NamespaceOptions = odd;

        var facts = SandboxReader.Read(Messages.Receive(request));

        Assert.Equal(new NamespaceModes(NamespaceMode.Node, NamespaceMode.Pod, NamespaceMode.Node), facts.Namespaces);
        Assert.Equal(2, facts.Anomalies.Length);
    }

    [Fact]
    public void A_plain_status_pins_all_but_what_only_a_verbose_one_tells()
    {
        var facts = SandboxReader.Read(Status());

        Assert.Equal(new PodIdentity("team-a", "web-0", "2f1c"), facts.Pod);
        Assert.Equal("web", facts.Labels["app"]);
        Assert.Equal("file", facts.ConfigSource);
        Assert.Equal("runsc", facts.RuntimeHandler);
        Assert.Equal(NamespaceMode.Node, facts.Namespaces.Network);
        Assert.Null(facts.Privileged);
        Assert.Null(facts.Seccomp);
    }

    [Theory]
    [InlineData("""{"config":{"metadata":{"name":"a"},"linux":{"security_context":{"privileged":true}}}}""", true)]
    [InlineData("""{"config":{"metadata":{"name":"a"},"linux":{"security_context":{}}}}""", false)]
    [InlineData("""{"config":{"metadata":{"name":"a"}}}""", false)]
    [InlineData("""{"runtimeSpec":{"annotations":{"io.kubernetes.cri-o.PrivilegedRuntime":"true"}}}""", true)]
    [InlineData("""{"runtimeSpec":{"annotations":{"io.kubernetes.cri-o.PrivilegedRuntime":"false"}}}""", false)]
    [InlineData("""{"runtimeSpec":{"annotations":{}}}""", null)]
    [InlineData("""{"config":{}}""", null)]
    [InlineData("""{"config":{"metadata":{"na""", null)]
    [InlineData("""{"runtimeSpec":{"annotations":{"io.kubernetes.cri-o.PrivilegedRuntime":"\ud800"}}}""", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    public void Privileged_is_pinned_where_the_runtime_tells(string info, bool? privileged)
    {
        Assert.Equal(privileged, SandboxReader.Read(Status(info)).Privileged);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void T_N7_what_a_tenant_wrote_under_the_key_of_crio_is_no_word_of_crios(bool label)
    {
        const string key = "io.kubernetes.cri-o.PrivilegedRuntime";
        var status = Status("""{"runtimeSpec":{"annotations":{"io.kubernetes.cri-o.PrivilegedRuntime":"false"}}}""");
        (label ? status.Status.Labels : status.Status.Annotations)[key] = "false";

        Assert.Null(SandboxReader.Read(status).Privileged);
    }

    [Theory]
    [InlineData("""{"seccomp":{"profile_type":1}}""", "Unconfined")]
    [InlineData("""{"seccomp":{}}""", "RuntimeDefault")]
    [InlineData("""{"seccomp":{"profile_type":2,"localhost_ref":"/p"}}""", "Localhost//p")]
    [InlineData("""{"seccomp":{"profile_type":"odd"}}""", "Unconfined")]
    [InlineData("""{}""", null)]
    public void The_seccomp_profile_of_the_sandbox_is_pinned_too(string context, string? profile)
    {
        var info = """{"config":{"metadata":{},"linux":{"security_context":CONTEXT}}}""".Replace("CONTEXT", context, StringComparison.Ordinal);

        Assert.Equal(profile, SandboxReader.Read(Status(info)).Seccomp?.ToString());
    }

    private static PodSandboxStatusResponse Status(string? info = null)
    {
        var response = new PodSandboxStatusResponse
        {
            Status = new PodSandboxStatus
            {
                Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c" },
                Labels = { ["app"] = "web" },
                Annotations = { ["kubernetes.io/config.source"] = "file" },
                RuntimeHandler = "runsc",
                Linux = new LinuxPodSandboxStatus
                {
                    Namespaces = new Namespace { Options = new NamespaceOption { Network = Runtime.NamespaceMode.Node } },
                },
            },
        };
        if (info is not null)
            response.Info["info"] = info;
        return response;
    }
}
