using CriGuard.Commands;

namespace CriGuard.Tests.Commands;

public sealed class LogCommandTests : IDisposable
{
    private readonly RecordedNode _node = new();

    [Fact]
    public async Task A_whole_log_is_ok_with_its_head()
    {
        await _node.Record();

        var run = await Verify();

        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"ok: 4 events, sequence 1 to 4, head {File.ReadAllText(Path.Combine(_node.Log, "head"))[13..].TrimEnd()}", Assert.Single(run.Lines));
    }

    [Fact]
    public async Task A_changed_line_is_named_and_ends_with_1()
    {
        await _node.Record();
        File.WriteAllText(_node.Segment, File.ReadAllText(_node.Segment).Replace("db-0", "db-1", StringComparison.Ordinal));

        var run = await Verify();

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"broken: {_node.Segment}:4: sequence 4 was changed: its hash is not the one in the head file (3 events before are in order)", Assert.Single(run.Lines));
    }

    [Fact]
    public async Task No_log_ends_with_1()
    {
        var run = await Verify();

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("criguard: there is no event log in ", run.Error);
    }

    public void Dispose() => _node.Dispose();

    private Task<CommandRun> Verify() => CommandRun.Of(LogCommand.Create(), "verify", "--state-dir", _node.Path);
}
