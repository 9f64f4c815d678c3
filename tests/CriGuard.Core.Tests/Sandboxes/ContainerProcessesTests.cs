using CriGuard.Core.Sandboxes;

namespace CriGuard.Core.Tests.Sandboxes;

/// <summary>Whose processes are whose: a node with a pod of one container, and what somebody made beside it.</summary>
public sealed class ContainerProcessesTests
{
    private const string Pod = "5a17c0de";
    private const string Web = "0d3f77aa";
    private const string Socket = "/run/containerd/containerd.sock";
    private const string NodesMounts = "mnt:[1]";
    private const string WebsMounts = "mnt:[20]";

    private static readonly NodeProcess[] Node =
    [
        Process(1, 0, "/sbin/init", NodesMounts, "/init.scope"),
        Shim(10, Pod),
        Process(11, 10, "/pause", "mnt:[11]", $"/kubepods/pod7/{Pod}"),
        Process(20, 10, "/bin/web", WebsMounts, $"/kubepods/pod7/{Web}"),
    ];

    private static readonly HashSet<string> Listed = [Pod, Web];
    private static readonly HashSet<string> Sockets = [Socket];

    [Fact]
    public void Beside_the_first_process_are_those_of_its_mounts_and_of_its_cgroup()
    {
        NodeProcess[] others =
        [
            Process(21, 20, "/bin/worker", WebsMounts, $"/kubepods/pod7/{Web}"),
            Process(22, 1, "/bin/entered", WebsMounts, "/user.slice"),
            Process(23, 20, "/bin/nested", "mnt:[23]", $"/kubepods/pod7/{Web}/inner"),
            Process(24, 20, "/bin/scoped", "mnt:[24]", $"/kubepods.slice/cri-containerd-{Web}.scope"),
            Process(25, 20, "", "", $"/kubepods/pod7/{Web}"),
            Process(26, 1, "/usr/bin/conmon", NodesMounts, $"/kubepods.slice/crio-conmon-{Web}.scope"),
        ];

        Assert.Equal([21, 22, 23, 24], Table(others).Beside(Web, 20));
        Assert.Equal([21, 23, 24], Table([Process(20, 10, "/bin/web", NodesMounts, $"/kubepods/pod7/{Web}"), .. others[0..4]]).Beside(Web, 20));
    }

    [Fact]
    public void T_Q2_a_shim_that_stands_for_no_pod_has_a_container_that_the_CRI_does_not_list() => Assert.Equal(
        [new UnlistedContainer(31, "rogue", "default", "")],
        Table(Shim(30, "rogue", space: "default"), Process(31, 30, "/bin/sh", "mnt:[31]", "/default/rogue"), Process(32, 30, "/bin/sh", "mnt:[31]", "/default/rogue")).Unlisted(Sockets, Listed).AsEnumerable());

    [Fact]
    public void T_Q2_what_the_shim_of_a_pod_started_in_no_container_of_it_is_unlisted_too() => Assert.Equal(
        [new UnlistedContainer(31, "rogue", "k8s.io", Pod)],
        Table(Process(31, 10, "/bin/sh", "mnt:[31]", "/", "/kubepods/pod7/rogue")).Unlisted(Sockets, Listed).AsEnumerable());

    [Fact]
    public void Shims_of_another_runtime_and_of_machines_have_nothing_to_tell()
    {
        Assert.Empty(Table(Shim(30, "other", socket: "/run/docker/containerd.sock"), Process(31, 30, "/bin/sh", "mnt:[31]", "/docker/other")).Unlisted(Sockets, Listed).AsEnumerable());
        Assert.Empty(Table(Shim(30, "9c", name: "containerd-shim-kata-v2"), Process(31, 30, "/usr/bin/virtiofsd", "mnt:[31]", "/")).Unlisted(Sockets, new HashSet<string>([.. Listed, "9c"])));
    }

    [Fact]
    public void A_program_of_a_container_that_calls_itself_a_shim_is_none() => Assert.Empty(Table(
        Shim(30, "made-up") with { Parent = 20, MountNamespace = WebsMounts, Groups = [$"/kubepods/pod7/{Web}"] }, Process(31, 30, "/bin/sh", WebsMounts, $"/kubepods/pod7/{Web}")).Unlisted(Sockets, Listed));

    [Fact]
    public void Each_shim_says_which_runtime_it_is_of() =>
        Assert.Equal([Socket, "/run/docker/containerd.sock"], Table(Shim(30, "other", socket: "/run/docker/containerd.sock")).Sockets);

    private static ContainerProcesses Table(params NodeProcess[] more) => new(Node.Concat(more).GroupBy(static p => p.Pid).ToDictionary(static p => p.Key, static p => p.Last()));

    private static NodeProcess Shim(int pid, string id, string space = "k8s.io", string socket = Socket, string name = "containerd-shim-runc-v2") =>
        Process(pid, 1, "/usr/bin/" + name, NodesMounts, "/system.slice") with { Arguments = [name, "-namespace", space, "-id", id, "-address", socket] };

    private static NodeProcess Process(int pid, int parent, string executable, string mounts, params string[] groups) =>
        new(pid, parent, executable, []) { MountNamespace = mounts, Groups = [.. groups] };
}
