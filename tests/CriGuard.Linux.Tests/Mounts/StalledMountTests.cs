using CriGuard.Core.Workloads;
using CriGuard.Linux.Mounts;

namespace CriGuard.Linux.Tests.Mounts;

/// <summary>Need root, for the mount.</summary>
public sealed class StalledMountTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task T_M13_a_path_on_a_mount_that_does_not_answer_is_not_waited_for()
    {
        using var mount = new SilentMount();
        using var directory = new TemporaryDirectory();
        var (resolver, below) = (new HostPathResolver(), mount.Point + "/a");

        var first = await resolver.LookAsync(MountView.Own, [directory.Path, below], [], Short, TimeProvider.System);
        Assert.Equal(HostFileKind.Directory, first.Targets[directory.Path].Kind);
        Assert.Equal("the node does not say within 0.2 s", first.Targets[below].Problem);

        // The next one does not send a second thread after the first: it knows at once, and goes on with what answers.
        var second = await resolver.LookAsync(MountView.Own, [below, directory.Path], [], Long, TimeProvider.System);
        Assert.Equal("what is mounted there does not answer", second.Targets[below].Problem);
        Assert.Equal(HostFileKind.Directory, second.Targets[directory.Path].Kind);
    }

    [Fact]
    public async Task T_M13_the_mount_itself_is_known_without_asking_its_server()
    {
        using var mount = new SilentMount();

        var look = await new HostPathResolver().LookAsync(MountView.Own, [mount.Point], [], Long, TimeProvider.System);

        Assert.Equal((HostFileKind.Directory, mount.Point), (look.Targets[mount.Point].Kind, look.Targets[mount.Point].Path));
    }
}
