using CriGuard.Core.Sandboxes;
using CriGuard.Linux.Processes;

namespace CriGuard.Linux.Tests.Processes;

public sealed class ProcessTableTests
{
    private const string Rollup = "00400000-7ffd1c5c1000 ---p 00000000 00:00 0      [rollup]\nRss:                1712 kB\nPss:                 321 kB\nPss_Dirty:            9 kB\n";

    [Fact]
    public void Our_own_process_is_in_the_table_of_the_real_kernel_with_its_parent_and_its_memory()
    {
        using var child = Child.Start("/bin/sh", "-c", "echo ready; read x");
        var table = new ProcessTable();

        var processes = table.Read();

        Assert.Equal(Environment.ProcessId, processes[child.Id].Parent);
        Assert.Equal(["/bin/sh", "-c", "echo ready; read x"], processes[child.Id].Arguments.AsEnumerable());
        Assert.Equal(processes[Environment.ProcessId].UserNamespace, processes[child.Id].UserNamespace);
        Assert.Equal(processes[Environment.ProcessId].MountNamespace, processes[child.Id].MountNamespace);
        Assert.StartsWith("mnt:[", processes[child.Id].MountNamespace, StringComparison.Ordinal);
        Assert.NotEmpty(processes[child.Id].Groups);
        Assert.All(processes[child.Id].Groups, static path => Assert.StartsWith("/", path, StringComparison.Ordinal));
        var memory = table.ReadMemory(Environment.ProcessId);
        Assert.InRange(memory.Proportional, 1, memory.Resident);
        Assert.Equal(default, table.ReadMemory(int.MaxValue));
    }

    [Theory]
    [InlineData("42 (a (strange) name) S 7 42 42 0", 7)]
    [InlineData("42 (x) S 0 1 ", 0)]
    [InlineData("42 (x) S 7", null)]
    [InlineData("42 (x) S", null)]
    [InlineData("42 (x)", null)]
    [InlineData("42 x S 7 1", null)]
    [InlineData("42 (x) S -7 1", null)]
    [InlineData("", null)]
    public void The_parent_stands_after_the_last_bracket(string text, int? parent)
    {
        Assert.Equal(parent is not null, ProcessStat.TryParseParent(System.Text.Encoding.UTF8.GetBytes(text), out var read));
        Assert.Equal(parent ?? 0, parent is null ? 0 : read);
    }

    [Theory]
    [InlineData(Rollup, true)]
    [InlineData("Rss: 1 kB\nPss: 1 kB\n", false)]
    [InlineData("\nRss: 1 kB\n", false)]
    [InlineData("\nRss: 1 MB\nPss: 1 kB\n", false)]
    [InlineData("\nRss: -1 kB\nPss: 1 kB\n", false)]
    [InlineData("", false)]
    public void Memory_is_read_from_the_sums(string text, bool sound)
    {
        Assert.Equal(sound, SmapsRollup.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var memory));
        Assert.Equal(sound ? new ProcessMemory(1712 * 1024, 321 * 1024) : default, memory);
    }
}
