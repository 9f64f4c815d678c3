using CriGuard.Linux.Mounts;

namespace CriGuard.Linux.Tests.Mounts;

public sealed class MountTableTests
{
    private static readonly MountTable Table = MountTable.Parse("""
        1 0 8:1 / / rw - ext4 /dev/sda1 rw
        2 1 0:5 / /proc rw - proc proc rw
        3 1 8:2 / /var/lib rw - ext4 /dev/sda2 rw
        4 3 8:1 /etc/kubernetes/pki /var/lib/kubelet/pods/u/volume-subpaths/v/c/0 rw - ext4 /dev/sda1 rw
        5 1 8:2 /kubelet /mnt/kubelet rw - ext4 /dev/sda2 rw
        6 1 0:9 / /srv rw - tmpfs tmpfs rw
        7 6 0:10 / /srv rw - tmpfs tmpfs rw
        8 6 8:1 /home /srv/hidden rw - ext4 /dev/sda1 rw
        no line of a mount
        """u8);

    [Theory]
    [InlineData("/", 1)]
    [InlineData("/etc", 1)]
    [InlineData("/proc/1", 2)]
    [InlineData("/procedure", 1)]
    [InlineData("/var/lib/kubelet", 3)]
    [InlineData("/var/lib/kubelet/pods/u/volume-subpaths/v/c/0", 4)]
    [InlineData("/srv", 7)]
    [InlineData("/srv/hidden/a", 7)]
    public void The_mount_that_is_seen_at_a_path_is_the_last_one_on_top(string path, int id) => Assert.Equal(id, Table.At(path)!.Id);

    [Fact]
    public void T_M3_the_source_of_a_bind_mount_is_found_by_device_and_root() =>
        Assert.Equal<string>(["/etc/kubernetes/pki/ca.key"], [.. Table.Aliases("/var/lib/kubelet/pods/u/volume-subpaths/v/c/0/ca.key")]);

    [Fact]
    public void A_directory_that_is_mounted_twice_has_two_names()
    {
        Assert.Equal<string>(["/mnt/kubelet/pods"], [.. Table.Aliases("/var/lib/kubelet/pods")]);
        Assert.Equal<string>(["/var/lib/kubelet"], [.. Table.Aliases("/mnt/kubelet")]);
    }

    [Fact]
    public void A_name_that_another_mount_hides_is_none() => Assert.Empty(Table.Aliases("/home"));

    [Fact]
    public void Points_are_exact_and_seen()
    {
        Assert.True(Table.IsPoint("/proc"));
        Assert.False(Table.IsPoint("/proc/1"));
        Assert.False(Table.IsPoint("/srv/hidden"));
    }

    [Fact]
    public void A_table_without_a_root_knows_nothing()
    {
        Assert.Null(MountTable.Parse([]).At("/"));
        Assert.Empty(MountTable.Parse([]).Aliases("/a"));
    }

    [Fact]
    public void A_table_that_turns_in_a_circle_ends()
    {
        var table = MountTable.Parse("1 2 8:1 / / rw - ext4 a rw\n2 1 8:1 / / rw - ext4 a rw\n3 0 8:1 / / rw - ext4 a rw\n4 3 8:1 / / rw - ext4 a rw"u8);

        Assert.Equal(4, table.At("/a")!.Id);
    }
}
