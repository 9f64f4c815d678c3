using CriGuard.Cri.Runtime;
using CriGuard.Manifests;
using ProfileType = CriGuard.Cri.Runtime.SecurityProfile.Types.ProfileType;

namespace CriGuard.Tests.Manifests;

/// <summary>CreateContainer, cell by cell, as kuberuntime_container.go and security_context.go make it.</summary>
public sealed class ContainerConversionTests
{
    private const string Annotation = "container.apparmor.security.beta.kubernetes.io/web";

    [Fact]
    public void Containers_come_in_the_order_in_which_they_are_created_with_the_sandbox_sent_again()
    {
        var pod = Manifest.One(
            "kind: Pod\nmetadata: { name: a }\nspec:\n  ephemeralContainers: [{ name: debug, image: i }]\n  containers: [{ name: main, image: i }]\n"
            + "  initContainers: [{ name: first, image: i }]\n");

        Assert.Equal(
            [("first", ContainerKind.Init), ("main", ContainerKind.Regular), ("debug", ContainerKind.Ephemeral)],
            pod.Containers.Select(static c => (c.Request.Config.Metadata.Name, c.Source.Kind)));
        Assert.All(pod.Containers, c => Assert.Equal(pod.Sandbox.Config, c.Request.SandboxConfig));
    }

    [Fact]
    public void A_container_that_says_nothing_has_the_defaults()
    {
        var config = Manifest.Container();
        var context = config.Linux.SecurityContext;

        Assert.Equal(("registry.example/web:1", "registry.example/web:1"), (config.Image.Image, config.Image.UserSpecifiedImage));
        Assert.Equal((false, false, false), (context.Privileged, context.NoNewPrivs, context.ReadonlyRootfs));
        Assert.Null(context.Capabilities);
        Assert.Null(context.Apparmor);
        Assert.Null(context.RunAsUser);
        Assert.Contains("/proc/kcore", context.MaskedPaths);
        Assert.Contains("/proc/sys", context.ReadonlyPaths);
        Assert.Equal("web", config.Labels["io.kubernetes.container.name"]);
        Assert.Equal(("0", "30"), (config.Annotations["io.kubernetes.container.restartCount"], config.Annotations["io.kubernetes.pod.terminationGracePeriod"]));
        Assert.Equal("web/0.log", config.LogPath);
    }

    [Fact]
    public void What_a_container_asks_for_is_sent()
    {
        var context = Manifest.Context(
            "securityContext: { privileged: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, procMount: Unmasked, "
            + "capabilities: { add: [SYS_ADMIN, net_raw], drop: [ALL] } }");

        Assert.Equal((true, true, true), (context.Privileged, context.ReadonlyRootfs, context.NoNewPrivs));
        Assert.Equal(new Capability { AddCapabilities = { "SYS_ADMIN", "net_raw" }, DropCapabilities = { "ALL" } }, context.Capabilities);
        Assert.Empty(context.MaskedPaths);
        Assert.Empty(context.ReadonlyPaths);
    }

    [Theory]
    [InlineData("allowPrivilegeEscalation: true", false)]
    [InlineData("allowPrivilegeEscalation: false", true)]
    [InlineData("runAsNonRoot: true", false)]
    public void Only_escalation_that_is_forbidden_outright_sets_no_new_privs(string context, bool set)
    {
        Assert.Equal(set, Manifest.Context($"securityContext: {{ {context} }}").NoNewPrivs);
    }

    [Theory]
    [InlineData("", "", false, ProfileType.Unconfined, "")]
    [InlineData("", "", true, ProfileType.RuntimeDefault, "")]
    [InlineData("type: Unconfined", "", true, ProfileType.Unconfined, "")]
    [InlineData("", "type: RuntimeDefault", false, ProfileType.RuntimeDefault, "")]
    [InlineData("type: Unconfined", "type: RuntimeDefault", false, ProfileType.Unconfined, "")]
    [InlineData("type: Localhost, localhostProfile: a/b.json", "", false, ProfileType.Localhost, "/var/lib/kubelet/seccomp/a/b.json")]
    public void Seccomp_is_the_containers_the_pods_or_the_kubelets(string own, string pods, bool kubelets, ProfileType type, string reference)
    {
        var seccomp = Manifest.Context(Profile("seccompProfile", own), Profile("seccompProfile", pods), settings: new KubeletSettings { SeccompDefault = kubelets }).Seccomp;

        Assert.Equal((type, reference), (seccomp.ProfileType, seccomp.LocalhostRef));
    }

    [Theory]
    [InlineData("", "", "", null, "")]
    [InlineData("type: RuntimeDefault", "", "", ProfileType.RuntimeDefault, "runtime/default")]
    [InlineData("type: Unconfined", "type: RuntimeDefault", "", ProfileType.Unconfined, "unconfined")]
    [InlineData("", "type: Localhost, localhostProfile: p", "", ProfileType.Localhost, "localhost/p")]
    [InlineData("", "type: RuntimeDefault", "localhost/q", ProfileType.Localhost, "localhost/q")]
    [InlineData("type: RuntimeDefault", "", "localhost/q", ProfileType.RuntimeDefault, "runtime/default")]
    public void AppArmor_is_the_containers_the_annotations_or_the_pods_in_both_fields(string own, string pods, string annotation, ProfileType? type, string deprecated)
    {
        var context = Manifest.Context(
            Profile("appArmorProfile", own), Profile("appArmorProfile", pods), annotation.Length == 0 ? "" : $"annotations: {{ {Annotation}: {annotation} }}");

        Assert.Equal((type, deprecated), (context.Apparmor?.ProfileType, context.ApparmorProfile));
    }

    [Theory]
    [InlineData("runAsUser: 5", "runAsUser: 6", 5, "")]
    [InlineData("", "runAsUser: 6", 6, "")]
    [InlineData("", "", 0, "nginx")]
    public void The_user_is_the_containers_the_pods_or_the_images(string own, string pods, long id, string name)
    {
        var settings = new KubeletSettings();
        settings = settings with { ImageUsers = settings.ImageUsers.Add("registry.example/web:1", "nginx") };
        var context = Manifest.Context($"securityContext: {{ {own} }}", $"securityContext: {{ {pods} }}", settings: settings);

        Assert.Equal((id, name), (context.RunAsUser?.Value ?? 0, context.RunAsUsername));
    }

    [Fact]
    public void A_number_is_the_images_user_too_and_its_id_may_be_given()
    {
        var settings = new KubeletSettings();
        settings = settings with
        {
            ImageUsers = settings.ImageUsers.Add("registry.example/web:1", "101"),
            ImageIds = settings.ImageIds.Add("registry.example/web:1", "sha256:4be6"),
        };
        var config = Manifest.Container(settings: settings);

        Assert.Equal(101, config.Linux.SecurityContext.RunAsUser.Value);
        Assert.Equal(("sha256:4be6", "registry.example/web:1"), (config.Image.Image, config.Image.UserSpecifiedImage));
    }

    [Fact]
    public void Groups_and_labels_are_sent_with_each_container()
    {
        var context = Manifest.Context(
            "securityContext: { seLinuxOptions: { type: mine } }",
            "securityContext: { runAsGroup: 8, fsGroup: 9, supplementalGroups: [10], supplementalGroupsPolicy: Strict, seLinuxOptions: { type: pods } }");

        Assert.Equal([9, 10], context.SupplementalGroups);
        Assert.Equal((8, "mine", SupplementalGroupsPolicy.Strict), (context.RunAsGroup.Value, context.SelinuxOptions.Type, context.SupplementalGroupsPolicy));
    }

    [Theory]
    [InlineData("", NamespaceMode.Target)]
    [InlineData("hostPID: true", NamespaceMode.Node)]
    [InlineData("shareProcessNamespace: true", NamespaceMode.Pod)]
    public void A_debug_container_looks_into_its_target_where_processes_are_not_shared(string spec, NamespaceMode pid)
    {
        var pod = Manifest.One(Manifest.Pod($"{spec}\n  ephemeralContainers: [{{ name: debug, image: i, targetContainerName: web }}]"));

        Assert.Equal(pid, pod.Containers[1].Request.Config.Linux.SecurityContext.NamespaceOptions.Pid);
        Assert.Equal(NamespaceMode.Container, Manifest.Context().NamespaceOptions.Pid);
    }

    [Theory]
    [InlineData("", 2, 0, 0)]
    [InlineData("requests: { cpu: 250m }", 256, 0, 0)]
    [InlineData("limits: { cpu: 2, memory: 64Mi }", 2048, 200_000, 64 << 20)]
    [InlineData("limits: { cpu: 0.001 }, requests: { cpu: '0.5' }", 512, 1_000, 0)]
    [InlineData("limits: { memory: 1e6 }", 2, 0, 1_000_000)]
    public void Resources_are_computed_as_the_kubelet_does(string asked, long shares, long quota, long memory)
    {
        var resources = Manifest.Container($"resources: {{ {asked} }}").Linux.Resources;

        Assert.Equal((shares, quota, 100_000, memory), (resources.CpuShares, resources.CpuQuota, resources.CpuPeriod, resources.MemoryLimitInBytes));
    }

    [Fact]
    public void Huge_pages_are_limited_and_resources_of_plugins_are_said_to_be_unknown()
    {
        var assumed = new Assumptions();
        var pod = Manifest.One(Manifest.Pod(container: "resources: { limits: { hugepages-2Mi: 4Mi, nvidia.com/gpu: 1 } }"), assumed: assumed);

        Assert.Equal(new HugepageLimit { PageSize = "2MB", Limit = 4 << 20 }, Assert.Single(pod.Containers[0].Request.Config.Linux.Resources.HugepageLimits));
        Assert.Contains("no devices, mounts and annotations for `nvidia.com/gpu`: its device plugin on the node adds them", assumed.All);
    }

    private static string Profile(string key, string profile) => profile.Length == 0 ? "" : $"securityContext: {{ {key}: {{ {profile} }} }}";
}
