using CriGuard.Setup;

namespace CriGuard.Tests.Setup;

public sealed class KubeletTests : IDisposable
{
    private const string Ours = "unix:///run/criguard/criguard.sock";

    private readonly TempDirectory _root = new();

    private NodePaths Node => new(_root.Path);

    [Fact]
    public void The_configuration_file_is_changed_in_its_one_line()
    {
        Write("/var/lib/kubelet/config.yaml", "kind: KubeletConfiguration\ncontainerRuntimeEndpoint: unix:///run/a.sock # ours\nhealthzPort: 0\n");
        var kubelet = Kubelet("--config=/var/lib/kubelet/config.yaml");

        Assert.Equal("unix:///run/a.sock", kubelet.Endpoint);
        Assert.Null(kubelet.Healthz);
        Assert.Equal([("/var/lib/kubelet/config.yaml", $"kind: KubeletConfiguration\ncontainerRuntimeEndpoint: {Ours} # ours\nhealthzPort: 0\n")], PointedTo(kubelet));
    }

    [Fact]
    public void A_drop_in_directory_gets_a_file_and_a_file_of_it_that_decides_is_changed()
    {
        Write("/etc/kubelet.yaml", "containerRuntimeEndpoint: unix:///run/a.sock\n");
        Write("/etc/kubelet.d/10-a.conf", "maxPods: 10\n");
        var kubelet = Kubelet("--config", "/etc/kubelet.yaml", "--config-dir", "/etc/kubelet.d");
        Assert.Equal([("/etc/kubelet.d/99-criguard.conf", $"apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\ncontainerRuntimeEndpoint: {Ours}\n")], PointedTo(kubelet));

        Write("/etc/kubelet.d/99-x.conf", "containerRuntimeEndpoint: unix:///run/b.sock\n");
        Assert.Equal("unix:///run/b.sock", kubelet.Endpoint);
        Assert.Equal([("/etc/kubelet.d/99-x.conf", $"containerRuntimeEndpoint: {Ours}\n")], PointedTo(kubelet));
    }

    [Fact]
    public void A_flag_wins_over_files_and_is_changed_where_kubeadm_wrote_it()
    {
        Write("/var/lib/kubelet/config.yaml", "containerRuntimeEndpoint: unix:///run/a.sock\n");
        Write("/var/lib/kubelet/kubeadm-flags.env", "KUBELET_KUBEADM_ARGS=\"--container-runtime-endpoint=unix:///run/b.sock --pod-infra-container-image=pause\"\n");
        Write("/var/lib/kubelet/instance-config.yaml", "containerRuntimeEndpoint: unix:///run/b.sock\n");
        var kubelet = Kubelet("--config=/var/lib/kubelet/config.yaml", "--container-runtime-endpoint=unix:///run/b.sock");

        Assert.Equal("unix:///run/b.sock", kubelet.Endpoint);
        Assert.Equal(
            [
                ("/var/lib/kubelet/kubeadm-flags.env", $"KUBELET_KUBEADM_ARGS=\"--container-runtime-endpoint={Ours} --pod-infra-container-image=pause\"\n"),
                ("/var/lib/kubelet/instance-config.yaml", $"containerRuntimeEndpoint: {Ours}\n"),
            ],
            PointedTo(kubelet));
    }

    [Fact]
    public void An_image_endpoint_that_is_named_goes_the_same_way()
    {
        Write("/k.yaml", "containerRuntimeEndpoint: unix:///run/a.sock\nimageServiceEndpoint: unix:///run/a.sock\n");

        Assert.Equal([("/k.yaml", $"containerRuntimeEndpoint: {Ours}\nimageServiceEndpoint: {Ours}\n")], PointedTo(Kubelet("--config=/k.yaml")));
    }

    [Theory]
    [InlineData("--container-runtime-endpoint=unix:///run/b.sock", "take the flag out of its unit")]
    [InlineData("--v=2", "neither a configuration file")]
    public void What_only_a_person_can_change_is_said(string flag, string expected) =>
        Assert.Contains(expected, Assert.Throws<SetupException>(() => PointedTo(Kubelet(flag))).Message, StringComparison.Ordinal);

    [Fact]
    public void It_says_on_its_port_whether_it_is_healthy() => Assert.Equal(("127.0.0.1", 10248), Kubelet("--config=/none.yaml").Healthz);

    public void Dispose() => _root.Dispose();

    private Kubelet Kubelet(params string[] arguments) => new(Node, ["/usr/bin/kubelet", .. arguments], ["/var/lib/kubelet/kubeadm-flags.env"]);

    private static IEnumerable<(string Path, string Text)> PointedTo(Kubelet kubelet) =>
        kubelet.PointTo(Ours).Cast<NewFile>().Select(static file => (file.Path, System.Text.Encoding.UTF8.GetString(file.Content)));

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Node[path])!);
        File.WriteAllText(Node[path], text);
    }
}
