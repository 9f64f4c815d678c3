using CriGuard.Cri.Runtime;
using CriGuard.Manifests;
using ProfileType = CriGuard.Cri.Runtime.SecurityProfile.Types.ProfileType;

namespace CriGuard.Tests.Manifests;

/// <summary>RunPodSandbox, cell by cell, as kuberuntime_sandbox.go makes it.</summary>
public sealed class SandboxConversionTests
{
    [Fact]
    public void The_pod_is_named_by_metadata_labels_and_directory()
    {
        var config = Manifest.Sandbox(metadata: "labels: { app: web, io.kubernetes.pod.name: forged }, annotations: { note: a, kubernetes.io/config.source: file }");

        Assert.Equal(("web", "team-a", "2f1c"), (config.Metadata.Name, config.Metadata.Namespace, config.Metadata.Uid));
        Assert.Equal(
            [("app", "web"), ("io.kubernetes.pod.name", "web"), ("io.kubernetes.pod.namespace", "team-a"), ("io.kubernetes.pod.uid", "2f1c")],
            config.Labels.Select(static l => (l.Key, l.Value)).Order());
        Assert.Equal(("a", "api"), (config.Annotations["note"], config.Annotations["kubernetes.io/config.source"]));
        Assert.Equal("/var/log/pods/team-a_web_2f1c", config.LogDirectory);
    }

    [Theory]
    [InlineData("", NamespaceMode.Pod, NamespaceMode.Container, NamespaceMode.Pod)]
    [InlineData("hostNetwork: true", NamespaceMode.Node, NamespaceMode.Container, NamespaceMode.Pod)]
    [InlineData("hostPID: true", NamespaceMode.Pod, NamespaceMode.Node, NamespaceMode.Pod)]
    [InlineData("hostIPC: true", NamespaceMode.Pod, NamespaceMode.Container, NamespaceMode.Node)]
    [InlineData("shareProcessNamespace: true", NamespaceMode.Pod, NamespaceMode.Pod, NamespaceMode.Pod)]
    [InlineData("hostNetwork: yes", NamespaceMode.Node, NamespaceMode.Container, NamespaceMode.Pod)]
    [InlineData("hostNetwork: false", NamespaceMode.Pod, NamespaceMode.Container, NamespaceMode.Pod)]
    [InlineData("hostNetwork: ~", NamespaceMode.Pod, NamespaceMode.Container, NamespaceMode.Pod)]
    public void Namespaces_are_those_of_sandbox_and_containers(string spec, NamespaceMode network, NamespaceMode pid, NamespaceMode ipc)
    {
        var (sandbox, container) = (Manifest.Sandbox(spec).Linux.SecurityContext.NamespaceOptions, Manifest.Context(spec: spec).NamespaceOptions);

        Assert.Equal((network, pid, ipc), (sandbox.Network, sandbox.Pid, sandbox.Ipc));
        Assert.Equal(sandbox, container);
    }

    [Fact]
    public void A_pod_with_users_of_its_own_has_its_ids_mapped_on_its_mounts_too()
    {
        var container = Manifest.Container(spec: "hostUsers: false");
        var users = container.Linux.SecurityContext.NamespaceOptions.UsernsOptions;

        Assert.Equal(NamespaceMode.Node, Manifest.Context().NamespaceOptions.UsernsOptions.Mode);
        Assert.Equal((NamespaceMode.Pod, 65536u), (users.Mode, Assert.Single(users.Uids).Length));
        Assert.All(container.Mounts, mount => Assert.Equal((users.Uids, users.Gids), (mount.UidMappings, mount.GidMappings)));
        Assert.All(Manifest.Container().Mounts, static mount => Assert.Empty(mount.UidMappings));
    }

    [Theory]
    [InlineData("containers", true)]
    [InlineData("initContainers", true)]
    [InlineData("ephemeralContainers", true)]
    [InlineData("volumes", false)]
    public void A_sandbox_is_privileged_where_any_container_is(string list, bool privileged)
    {
        var text = $"kind: Pod\nmetadata: {{ name: a }}\nspec:\n  {list}:\n  - {{ name: x, image: i, securityContext: {{ privileged: true }} }}\n"
            + (list == "containers" ? "" : "  containers:\n  - { name: other, image: i }\n");

        Assert.Equal(privileged, Manifest.One(text).Sandbox.Config.Linux.SecurityContext.Privileged);
    }

    [Fact]
    public void The_sandboxes_own_process_has_the_default_filter_whatever_the_pod_asks_for()
    {
        Assert.Equal(ProfileType.RuntimeDefault, Manifest.Sandbox("securityContext: { seccompProfile: { type: Unconfined } }").Linux.SecurityContext.Seccomp.ProfileType);
    }

    [Fact]
    public void Users_groups_sysctls_and_labels_of_the_pod_are_the_sandboxes()
    {
        var linux = Manifest.Sandbox(
            "securityContext: { runAsUser: 7, runAsGroup: 8, fsGroup: 9, supplementalGroups: [10, 11], supplementalGroupsPolicy: Strict, "
            + "seLinuxOptions: { type: t, level: s0 }, sysctls: [{ name: kernel.msgmax, value: '1' }] }").Linux;
        var context = linux.SecurityContext;

        Assert.Equal((7, 8), (context.RunAsUser.Value, context.RunAsGroup.Value));
        Assert.Equal([9, 10, 11], context.SupplementalGroups);
        Assert.Equal(SupplementalGroupsPolicy.Strict, context.SupplementalGroupsPolicy);
        Assert.Equal(("t", "s0"), (context.SelinuxOptions.Type, context.SelinuxOptions.Level));
        Assert.Equal([("kernel.msgmax", "1")], linux.Sysctls.Select(static s => (s.Key, s.Value)));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("hostNetwork: true", 53)]
    public void Ports_of_the_host_are_those_asked_for_or_all_in_its_network(string spec, int second)
    {
        var ports = Manifest.Sandbox(spec, "ports: [{ containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1 }, { containerPort: 53, protocol: UDP }]").PortMappings;

        Assert.Equal(new PortMapping { ContainerPort = 80, HostPort = 8080, HostIp = "127.0.0.1" }, ports[0]);
        Assert.Equal(new PortMapping { ContainerPort = 53, HostPort = second, Protocol = Protocol.Udp }, ports[1]);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("runtimeClassName: known", "runsc")]
    [InlineData("runtimeClassName: other", "other")]
    public void The_handler_is_that_of_the_runtime_class_or_its_name(string spec, string handler)
    {
        var settings = new KubeletSettings();
        settings = settings with { RuntimeClasses = settings.RuntimeClasses.Add("known", "runsc") };
        var assumed = new Assumptions();

        Assert.Equal(handler, Manifest.One(Manifest.Pod(spec), settings, assumed).Sandbox.RuntimeHandler);
        Assert.Equal(handler == "other", assumed.All.Any(static a => a.StartsWith("RuntimeClass `other` has handler `other`", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod2f1c.slice", 1000)]
    [InlineData("resources: { requests: { cpu: 1 } }", "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2f1c.slice", 999)]
    [InlineData("resources: { limits: { cpu: 500m, memory: 1Gi } }", "/kubepods.slice/kubepods-pod2f1c.slice", -997)]
    [InlineData("resources: { limits: { cpu: 1, memory: 1 }, requests: { cpu: 500m } }", "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2f1c.slice", 999)]
    public void The_cgroup_follows_from_the_quality_of_service(string container, string parent, int score)
    {
        Assert.Equal(parent, Manifest.Sandbox(container: container).Linux.CgroupParent);
        Assert.Equal(score, Manifest.Container(container).Linux.Resources.OomScoreAdj);
    }
}
