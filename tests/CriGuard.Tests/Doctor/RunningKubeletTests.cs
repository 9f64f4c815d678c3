using CriGuard.Core.Sandboxes;
using CriGuard.Doctor;
using CriGuard.Setup;

namespace CriGuard.Tests.Doctor;

public sealed class RunningKubeletTests : IDisposable
{
    private readonly TempDirectory _root = new();

    [Fact]
    public void A_flag_wins_over_drop_ins_and_these_over_the_file()
    {
        _root.Write("config.yaml", "containerRuntimeEndpoint: unix:///file.sock\nimageServiceEndpoint: unix:///file-images.sock\nseccompDefault: true\n");
        Directory.CreateDirectory(_root.File("conf.d"));
        _root.Write("conf.d/20-b.conf", "containerRuntimeEndpoint: unix:///b.sock\n");
        _root.Write("conf.d/10-a.conf", "{\"containerRuntimeEndpoint\": \"unix:///a.sock\", \"imageServiceEndpoint\": \"unix:///a-images.sock\"}");
        _root.Write("conf.d/30-not.yaml", "containerRuntimeEndpoint: unix:///not.sock\n");

        var told = Find("--config=/config.yaml", "--config-dir", "/conf.d")!;
        var flagged = Find("--config", "/config.yaml", "--container-runtime-endpoint", "unix:///flag.sock", "--seccomp-default=false")!;

        Assert.Equal(("unix:///b.sock", "unix:///a-images.sock", true, ""), (told.RuntimeEndpoint, told.ImageEndpoint, told.SeccompDefault, told.Problem));
        Assert.Equal(("unix:///flag.sock", "unix:///file-images.sock", false), (flagged.RuntimeEndpoint, flagged.ImageEndpoint, flagged.SeccompDefault));
    }

    [Fact]
    public void One_that_is_told_nothing_goes_to_containerd_with_images_too()
    {
        var found = Find()!;

        Assert.Equal(("unix:///run/containerd/containerd.sock", found.RuntimeEndpoint, false), (found.RuntimeEndpoint, found.ImageEndpoint, found.SeccompDefault));
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_is_said()
    {
        _root.Write("list.yaml", "- a\n");

        Assert.Contains("is no YAML mapping", Find("--config", "/list.yaml")!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_processes_are_no_kubelet() => Assert.Null(RunningKubelet.Find([new NodeProcess(5, 1, "/usr/bin/kubelet-helper", ["kubelet"])], new NodePaths()));

    public void Dispose() => _root.Dispose();

    private RunningKubelet? Find(params string[] arguments) => RunningKubelet.Find([new NodeProcess(900, 1, "/usr/bin/kubelet", ["/usr/bin/kubelet", .. arguments])], new NodePaths(_root.Path));
}
