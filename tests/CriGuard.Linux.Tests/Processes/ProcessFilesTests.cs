using System.Text;
using CriGuard.Core.Workloads;
using CriGuard.Linux.Processes;
using FsCheck;

namespace CriGuard.Linux.Tests.Processes;

/// <summary>The smaller files of a process: start time, id maps, namespaces, labels.</summary>
public sealed class ProcessFilesTests
{
    private readonly ProcessReader _reader = new();

    [Theory]
    [InlineData("7 (web) S 1 7 7 0 -1 4 1 0 0 0 0 0 0 0 20 0 1 0 89217 2268 312", 89217ul)]
    [InlineData("7 (a) S (b) S 1 7 7 0 -1 4 1 0 0 0 0 0 0 0 20 0 1 0 5", 5ul)]
    [InlineData("7 (web) S 1 7 7", null)]
    [InlineData("7 web S 1", null)]
    [InlineData("7 (web)", null)]
    [InlineData("", null)]
    public void A_start_time_stands_behind_any_name(string text, ulong? ticks)
    {
        var read = ProcessStart.TryParse(Encoding.UTF8.GetBytes(text), out var found);

        Assert.Equal((ticks is not null, ticks ?? 0), (read, found));
    }

    [Fact]
    public void An_id_map_is_read_line_by_line()
    {
        Assert.True(IdMapFile.TryParse("         0     165536      65536\n     65536          0          1\n"u8, out var map));

        Assert.Equal<IdMapping>([new(165536, 0, 65536), new(0, 65536, 1)], map);
    }

    [Theory]
    [InlineData("0 1")]
    [InlineData("0 1 2 3")]
    [InlineData("0 -1 2")]
    [InlineData("a b c")]
    public void An_odd_id_map_is_not_read(string text) => Assert.False(IdMapFile.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Any_bytes_are_read_or_not_and_never_an_exception() => Prop.ForAll<byte[]>(static text =>
    {
        Assert.Equal(IdMapFile.TryParse(text, out var map), !map.IsDefault && IdMapFile.TryParse(text, out _));
        Assert.True(ProcessStart.TryParse(text, out var ticks) || ticks == 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_child_in_namespaces_of_its_own_is_told_from_us_and_started_after_us()
    {
        using var child = Child.Start("/usr/bin/unshare", "--uts", "/bin/sh", "-c", "echo ready; read x");

        Assert.NotEqual(_reader.ReadNamespace(Environment.ProcessId, "uts"), _reader.ReadNamespace(child.Id, "uts"));
        Assert.Equal(_reader.ReadNamespace(Environment.ProcessId, "net"), _reader.ReadNamespace(child.Id, "net"));
        Assert.StartsWith("net:[", _reader.ReadNamespace(child.Id, "net"), StringComparison.Ordinal);
        Assert.True(_reader.ReadStart(child.Id) > _reader.ReadStart(Environment.ProcessId));
    }

    [Fact]
    public void The_file_that_a_process_runs_is_told_from_another_of_its_name()
    {
        using var copies = new TemporaryDirectory();
        copies.Write("sh", File.ReadAllText("/proc/self/status"));
        using var child = Child.Start("/bin/sh", "-c", "echo ready; read x");

        Assert.True(_reader.RunsFile(child.Id, _reader.ReadExecutable(child.Id)));
        Assert.False(_reader.RunsFile(child.Id, Path.Combine(copies.Path, "sh")));
        Assert.False(_reader.RunsFile(child.Id, "/nowhere"));
        Assert.Equal(["/bin/sh", "-c", "echo ready; read x"], _reader.ReadArguments(child.Id).AsEnumerable());
    }

    [Fact]
    public void T_S11_a_file_of_the_node_that_is_mounted_into_a_container_is_none_of_the_parents()
    {
        using var plain = Child.Start("/bin/sh", "-c", "echo ready; read x");
        using var container = Child.Start(
            "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c",
            "shell=$(readlink -f /bin/sh); mount --bind $shell $shell && exec $shell -c 'echo ready; read x'");

        Assert.True(_reader.RunsFileOfItsParent(plain.Id));
        Assert.True(_reader.RunsFile(container.Id, _reader.ReadExecutable(container.Id)));
        Assert.False(_reader.RunsFileOfItsParent(container.Id));
        Assert.False(_reader.RunsFileOfItsParent(int.MaxValue));
    }

    [Theory]
    [InlineData("pos:\t0\nflags:\t0100000\nmnt_id:\t64\nino:\t1\n", 64)]
    [InlineData("mnt_id: 7", 7)]
    [InlineData("mnt_id:\tx\n", null)]
    [InlineData("pos:\t0\n", null)]
    [InlineData("", null)]
    public void The_mount_of_a_descriptor_is_read(string text, int? mount) =>
        Assert.Equal(mount, DescriptorFile.TryParseMount(System.Text.Encoding.UTF8.GetBytes(text), out var read) ? read : null);

    [Fact]
    public void Of_a_process_that_is_gone_nothing_is_said()
    {
        Assert.Equal(0ul, _reader.ReadStart(int.MaxValue));
        Assert.Empty(_reader.ReadIdMap(int.MaxValue, "uid_map"));
        Assert.Equal("", _reader.ReadLabel(int.MaxValue, "current"));
        Assert.Equal("", _reader.ReadNamespace(int.MaxValue, "net"));
        Assert.Empty(_reader.ReadArguments(int.MaxValue));
    }
}
