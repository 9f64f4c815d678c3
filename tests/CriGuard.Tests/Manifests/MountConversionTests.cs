using CriGuard.Cri.Runtime;
using CriGuard.Manifests;

namespace CriGuard.Tests.Manifests;

/// <summary>Mounts and devices, as kubelet_pods.go makes them.</summary>
public sealed class MountConversionTests
{
    private const string Pods = "/var/lib/kubelet/pods/2f1c";

    [Theory]
    [InlineData("emptyDir: {}", $"{Pods}/volumes/kubernetes.io~empty-dir/v", false)]
    [InlineData("configMap: { name: c }", $"{Pods}/volumes/kubernetes.io~configmap/v", true)]
    [InlineData("secret: { secretName: s }", $"{Pods}/volumes/kubernetes.io~secret/v", true)]
    [InlineData("downwardAPI: {}", $"{Pods}/volumes/kubernetes.io~downward-api/v", true)]
    [InlineData("projected: {}", $"{Pods}/volumes/kubernetes.io~projected/v", true)]
    [InlineData("nfs: { server: s, path: /, readOnly: true }", $"{Pods}/volumes/kubernetes.io~nfs/v", true)]
    [InlineData("csi: { driver: d }", $"{Pods}/volumes/kubernetes.io~csi/v/mount", false)]
    [InlineData("flexVolume: { driver: vendor/d }", $"{Pods}/volumes/vendor~d/v", false)]
    [InlineData("persistentVolumeClaim: { claimName: c }", $"{Pods}/volumes/kubernetes.io~csi/pv-of-v/mount", false)]
    [InlineData("hostPath: { path: /var/run/docker.sock }", "/var/run/docker.sock", false)]
    public void A_volume_is_mounted_from_where_the_kubelet_has_it(string source, string path, bool readOnly)
    {
        Assert.Equal(new Mount { ContainerPath = "/m", HostPath = path, Readonly = readOnly }, First(source, "mountPath: /m"));
    }

    [Theory]
    [InlineData("readOnly: true", true, false, MountPropagation.PropagationPrivate)]
    [InlineData("readOnly: true, recursiveReadOnly: Enabled", true, true, MountPropagation.PropagationPrivate)]
    [InlineData("readOnly: true, recursiveReadOnly: IfPossible", true, false, MountPropagation.PropagationPrivate)]
    [InlineData("mountPropagation: HostToContainer", false, false, MountPropagation.PropagationHostToContainer)]
    [InlineData("mountPropagation: Bidirectional", false, false, MountPropagation.PropagationBidirectional)]
    [InlineData("mountPropagation: None", false, false, MountPropagation.PropagationPrivate)]
    public void How_it_is_mounted_is_the_mounts_own(string mount, bool readOnly, bool recursive, MountPropagation propagation)
    {
        var sent = First("hostPath: { path: /a }", "mountPath: /m, " + mount);

        Assert.Equal((readOnly, recursive, propagation), (sent.Readonly, sent.RecursiveReadOnly, sent.Propagation));
    }

    [Theory]
    [InlineData("subPath: a/b")]
    [InlineData("subPathExpr: $(POD_NAME)")]
    public void A_part_of_a_volume_is_bound_below_the_pods_directory(string part)
    {
        Assert.Equal($"{Pods}/volume-subpaths/v/web/0", First("hostPath: { path: /a }", "mountPath: /m, " + part).HostPath);
    }

    [Theory]
    [InlineData("subPath: $(POD_UID)", "/a/$(POD_UID)")]
    [InlineData("subPathExpr: $(POD_UID)", "/a/2f1c")]
    [InlineData("subPathExpr: x/$(BOTH)/$$(POD_UID)", "/a/x/web-team-a/$(POD_UID)")]
    [InlineData("subPathExpr: $(TIER)$(", "/a/gold$(")]
    [InlineData("subPathExpr: $(TWICE)", "/a/second")]
    [InlineData("subPathExpr: $(NODE)", "")]
    [InlineData("subPathExpr: $(NOWHERE)", "")]
    public void T_M3_an_expression_is_expanded_as_far_as_the_manifest_tells(string part, string source)
    {
        string[] env =
        [
            Field("POD_UID", "metadata.uid"), Field("NAME", "metadata.name"), Field("NS", "metadata.namespace"), "{ name: BOTH, value: $(NAME)-$(NS) }",
            Field("TIER", "\"metadata.labels['tier']\""), "{ name: TWICE, value: first }", "{ name: TWICE, value: second }", Field("NODE", "spec.nodeName"),
        ];
        var container = $"env: [{string.Join(", ", env)}]\n    volumeMounts:\n    - name: v\n      mountPath: /m\n      {part}";
        var text = Manifest.Pod("volumes: [{ name: v, hostPath: { path: /a } }]", container, "labels: { tier: gold }");
        var mount = Manifest.One(text).Containers[0].Mounts[0];

        Assert.Equal((source, source.Length == 0), (mount.Subpath, mount.Untold.Length > 0));

        static string Field(string name, string path) => $"{{ name: {name}, valueFrom: {{ fieldRef: {{ fieldPath: {path} }} }} }}";
    }

    [Theory]
    [InlineData("persistentVolumeClaim: { claimName: c }", "pv-of-v")]
    [InlineData("emptyDir: {}", "v")]
    public void T_M3_a_part_is_bound_under_the_name_of_the_volume_behind_it(string source, string name) =>
        Assert.Equal($"{Pods}/volume-subpaths/{name}/web/0", First(source, "mountPath: /m, subPathExpr: $(NOWHERE)").HostPath);

    [Fact]
    public void An_image_stands_in_the_place_of_a_path()
    {
        var mount = First("image: { reference: registry.example/models:1 }", "mountPath: /m, subPath: x");

        Assert.Equal(("", "registry.example/models:1", "x"), (mount.HostPath, mount.Image.UserSpecifiedImage, mount.ImageSubPath));
    }

    [Fact]
    public void The_kubelet_adds_the_token_the_hosts_and_the_last_words()
    {
        Assert.Equal(
            [
                ("/var/run/secrets/kubernetes.io/serviceaccount", $"{Pods}/volumes/kubernetes.io~projected/kube-api-access-xxxxx", true),
                ("/etc/hosts", $"{Pods}/etc-hosts", false),
                ("/dev/termination-log", $"{Pods}/containers/web/00000000", false),
            ],
            Manifest.Container().Mounts.Select(static m => (m.ContainerPath, m.HostPath, m.Readonly)));
    }

    [Fact]
    public void What_the_pod_mounts_itself_is_not_added()
    {
        var mounts = Manifest.Container(
            "volumeMounts: [{ name: v, mountPath: /etc/hosts }]", "volumes: [{ name: v, emptyDir: {} }]\n  automountServiceAccountToken: false").Mounts;

        Assert.Equal(["/etc/hosts", "/dev/termination-log"], mounts.Select(static m => m.ContainerPath));
    }

    [Fact]
    public void A_static_pod_has_no_token_and_says_where_it_is_from()
    {
        var pod = Manifest.One(Manifest.Pod(), new KubeletSettings { ConfigSource = "file" });

        Assert.Equal(["/etc/hosts", "/dev/termination-log"], pod.Containers[0].Request.Config.Mounts.Select(static m => m.ContainerPath));
        Assert.Equal("file", pod.Sandbox.Config.Annotations["kubernetes.io/config.source"]);
    }

    [Fact]
    public void A_block_volume_is_a_device()
    {
        var device = Assert.Single(Manifest.Container(
            "volumeDevices: [{ name: v, devicePath: /dev/x }]", "volumes: [{ name: v, persistentVolumeClaim: { claimName: c } }]").Devices);

        Assert.Equal(("/dev/x", $"{Pods}/volumeDevices/kubernetes.io~csi/pv-of-v", "mrw"), (device.ContainerPath, device.HostPath, device.Permissions));
    }

    [Fact]
    public void What_a_claim_is_bound_to_is_said_to_be_assumed()
    {
        var assumed = new Assumptions();
        Manifest.One(
            Manifest.Pod("volumes: [{ name: v, persistentVolumeClaim: { claimName: c } }]", "volumeMounts: [{ name: v, mountPath: /m }]"), assumed: assumed);

        Assert.Contains("volume `v` is bound to a PersistentVolume of a CSI driver: one of a path of the node would be that path", assumed.All);
    }

    private static Mount First(string source, string mount) =>
        Manifest.Container($"volumeMounts: [{{ name: v, {mount} }}]", $"volumes: [{{ name: v, {source} }}]").Mounts[0];
}
