using System.Collections.Immutable;
using CriGuard.Core.Workloads;
using CriGuard.Daemon;
using CriGuard.Linux.Mounts;
using CriGuard.Linux.Tests;
using CriGuard.Linux.Tests.Mounts;

namespace CriGuard.Tests.Daemon;

/// <summary>What a request names on the node, be it a mount, a device or an image. Need root, for the mount.</summary>
public sealed class HostPathsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task T_M13_an_image_and_a_device_that_lie_where_nothing_answers_are_not_waited_for()
    {
        using var mount = new SilentMount();
        var facts = Asking(mount.Point[1..] + "/app") with { Devices = [new DeviceRequest(mount.Point + "/null", "/dev/null", "rw")] };

        var look = Ours().LookAsync(new NodeFacts(), facts);
        _time.Advance(TimeSpan.FromMinutes(1));
        var (node, _) = await look.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal([facts.Image.Reference], node.Paths);
        Assert.Equal(DeviceKind.Other, node.Devices[mount.Point + "/null"].Kind);
    }

    [Fact]
    public async Task A_device_is_known_by_its_number_through_any_link()
    {
        using var directory = new TemporaryDirectory();
        File.CreateSymbolicLink(directory.Path + "/harmless", "/dev/zero");
        ImmutableArray<string> paths = [directory.Path + "/harmless", directory.Path, directory.Path + "/none"];

        var (node, _) = await Ours().LookAsync(new NodeFacts(), Asking("") with { Devices = [.. paths.Select(static p => new DeviceRequest(p, "/dev/x", "r"))] });

        Assert.Equal([DeviceKind.Character, DeviceKind.Directory, DeviceKind.Missing], paths.Select(p => node.Devices[p].Kind));
        Assert.Equal("/dev/zero", node.Devices[paths[0]].Name);
    }

    [Fact]
    public async Task T_P1_I6_only_an_image_that_is_there_as_a_file_is_a_path()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("app", "");
        var paths = Ours();

        Assert.Single((await paths.LookAsync(new NodeFacts(), new ImageFacts(directory.Path[1..] + "/app", ""))).Paths);
        Assert.Empty((await paths.LookAsync(new NodeFacts(), new ImageFacts(directory.Path[1..] + "/other", ""))).Paths);
    }

    [Fact]
    public async Task T_M2_where_the_runtime_cannot_be_seen_nothing_is_known()
    {
        var facts = Asking("") with { Mounts = [new MountFacts { HostPath = "/srv", ContainerPath = "/srv" }] };

        var (_, looked) = await new HostPaths(static () => null, _time).LookAsync(new NodeFacts(), facts);

        Assert.Equal(HostFileKind.Unknown, Assert.Single(looked.Mounts).Target!.Kind);
    }

    [Fact]
    public async Task T_M2_a_path_is_followed_where_the_runtime_has_other_mounts_than_we()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("covered/secret", "");
        File.CreateSymbolicLink(directory.Path + "/link", directory.Path + "/covered");
        const string Listen = "$s = IO::Socket::UNIX->new(Local => shift, Listen => 5) or die; $| = 1; print qq(ready\n); <STDIN>";
        using var runtime = Child.Start(
            "unshare", "--mount", "--propagation", "private", "sh", "-c", $"mount --bind /etc {directory.Path}/covered && exec perl -MIO::Socket::UNIX -e '{Listen}' {directory.Path}/runtime.sock");
        var paths = new HostPaths(new RuntimeMounts(new UnixEndpoint(directory.Path + "/runtime.sock")).View, _time);
        var facts = Asking("") with { Mounts = [new MountFacts { HostPath = directory.Path + "/link/passwd", ContainerPath = "/p" }] };

        var (_, looked) = await paths.LookAsync(new NodeFacts(), facts);

        var target = Assert.Single(looked.Mounts).Target!;
        Assert.Equal(HostFileKind.File, target.Kind);
        Assert.Contains("/etc/passwd", target.Aliases);
    }

    private HostPaths Ours() => new(static () => MountView.Own, _time);

    private static ContainerFacts Asking(string image) => new()
    {
        Sandbox = new SandboxFacts { Pod = new PodIdentity("team-a", "web-0", "2f1c") },
        Name = "web",
        Image = new ImageFacts(image, ""),
    };
}
