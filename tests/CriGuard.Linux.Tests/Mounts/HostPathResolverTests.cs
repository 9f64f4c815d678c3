using System.Net.Sockets;
using CriGuard.Core.Workloads;
using CriGuard.Linux.Mounts;

namespace CriGuard.Linux.Tests.Mounts;

/// <summary>In a directory that stands for the node's root, so that absolute links lead where the test wants them.</summary>
public sealed class HostPathResolverTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _root = new();

    public HostPathResolverTests()
    {
        _root.Write("etc/kubernetes/admin.conf", "");
        _root.Write("srv/app/file", "");
        _root.Write("mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:5 / /proc rw - proc proc rw\n");
        Directory.CreateDirectory(_root.Path + "/proc/self");
        Link("/srv/link", "/etc/kubernetes");
        Link("/srv/near", "app/../link/..");
        Link("/srv/circle", "circle");
        Link("/srv/new", "/run/new");
        Link("/srv/dir", "app");
        Link("/proc/self/root", "/");
    }

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("/srv/app", "/srv/app", HostFileKind.Directory)]
    [InlineData("//srv/./app/", "/srv/app", HostFileKind.Directory)]
    [InlineData("/srv/app/file", "/srv/app/file", HostFileKind.File)]
    [InlineData("/srv/link", "/etc/kubernetes", HostFileKind.Directory)]
    [InlineData("/srv/link/admin.conf", "/etc/kubernetes/admin.conf", HostFileKind.File)]
    [InlineData("/srv/near", "/etc", HostFileKind.Directory)]
    [InlineData("/srv/link/..", "/etc", HostFileKind.Directory)]
    [InlineData("/srv/dir/../../etc", "/etc", HostFileKind.Directory)]
    [InlineData("/../../etc", "/etc", HostFileKind.Directory)]
    [InlineData("/srv/new", "/run/new", HostFileKind.Missing)]
    [InlineData("/srv/none/a", "/srv/none/a", HostFileKind.Missing)]
    [InlineData("/", "/", HostFileKind.Directory)]
    public async Task T_M2_a_path_is_followed_as_the_kernel_follows_it(string path, string target, HostFileKind kind)
    {
        var found = await LookAsync(path);

        Assert.Equal((target, kind), (found.Path, found.Kind));
    }

    [Theory]
    [InlineData("etc", "it is no absolute path")]
    [InlineData("/etc\0", "it is no absolute path")]
    [InlineData("/srv/circle", "it has too many links")]
    [InlineData("/srv/app/file/..", "a part of it is no directory")]
    [InlineData("/srv/none/../app", "it has `..` below what is not there")]
    [InlineData("/proc/self/root/etc", "it leads through a link of /proc")]
    public async Task What_cannot_be_followed_is_not_known(string path, string problem)
    {
        var found = await LookAsync(path);

        Assert.Equal((HostFileKind.Unknown, problem, path), (found.Kind, found.Problem, found.Path));
    }

    [Fact]
    public async Task T_M5_a_socket_is_known_by_its_inode()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_root.Path + "/srv/plain"));

        Assert.Equal(HostFileKind.Socket, (await LookAsync("/srv/plain")).Kind);
    }

    [Fact]
    public async Task T_M11_a_device_is_known_by_its_inode()
    {
        var look = await new HostPathResolver().LookAsync(MountView.Own, ["/dev/null", "/dev/stdin"], [], Patience, TimeProvider.System);

        Assert.Equal((HostFileKind.Device, "/dev/null"), (look.Targets["/dev/null"].Kind, look.Targets["/dev/null"].Path));
        Assert.Equal(HostFileKind.Unknown, look.Targets["/dev/stdin"].Kind);
    }

    [Fact]
    public async Task Well_known_paths_have_all_their_names()
    {
        _root.Write("mountinfo", "1 0 8:1 / / rw - ext4 a rw\n2 1 8:1 /etc /mnt/etc rw - ext4 a rw\n");
        Link("/kube", "/etc/kubernetes");

        var look = await new HostPathResolver().LookAsync(View(), [], ["/kube", "/srv/app", "/srv/circle"], Patience, TimeProvider.System);

        Assert.Equal(["/kube"], look.Names.Keys);
        Assert.Equal<string>(["/etc/kubernetes", "/mnt/etc/kubernetes"], [.. look.Names["/kube"]]);
    }

    private MountView View() => new(_root.Path, _root.Path + "/mountinfo");

    private async Task<HostTarget> LookAsync(string path) => (await new HostPathResolver().LookAsync(View(), [path], [], Patience, TimeProvider.System)).Targets[path];

    private void Link(string path, string target) => File.CreateSymbolicLink(_root.Path + path, target);
}
