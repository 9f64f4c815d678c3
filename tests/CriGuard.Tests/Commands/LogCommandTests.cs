using CriGuard.Commands;
using CriGuard.Core.Events;
using CriGuard.Daemon;
using CriGuard.Store.Events;

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
        Assert.Equal($"broken: {_node.Segment}:4: sequence 4 was changed: its hash is not the one in the head file, between 2026-11-22T01:22:00Z and 2026-11-22T01:23:00Z (3 events before are in order)", Assert.Single(run.Lines));
    }

    [Fact]
    public async Task What_retention_removed_and_what_the_log_did_not_see_is_told()
    {
        using (var log = EventLog.Open(_node.Log, new() { Node = "n", SegmentBytes = 300, KeepBytes = 600 }))
        {
            foreach (var record in RecordedNode.Events)
                await log.AppendAsync(record);
            await log.AppendAsync(DaemonGap.Of(log.Before ?? Last(), RecordedNode.Time.AddHours(1), "n")!);
            await log.TrimAsync();
        }

        var run = await Verify();

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("ok: ", run.Lines[0]);
        Assert.Matches("^removed: sequences 1 to [0-9], of 2026-11-22T01:20:00Z to 2026-11-22T01:20:00Z, by retention$", run.Lines[1]);
        Assert.Equal(
            "gap: 2026-11-22T02:20:00Z, sequence 5: cause no daemon ran: it was killed, or could not write that it stopped, from 2026-11-22T01:20:00.000000Z, to 2026-11-22T02:20:00.000000Z",
            run.Lines[2]);
    }

    [Fact]
    public async Task A_copy_is_proved_on_another_machine_with_the_public_key()
    {
        using (var key = SigningKey.Open(_node.Path))
        using (var log = EventLog.Open(_node.Log, new() { Node = "n", Key = key }))
            await log.AppendAsync(RecordedNode.Events[0]);
        var shown = await CommandRun.Of(LogCommand.Create(), "key", "--state-dir", _node.Path);
        var pem = Path.Combine(_node.Path, "public.pem");
        File.WriteAllText(pem, shown.Output);
        File.Delete(SigningKey.PathIn(_node.Path));

        var run = await CommandRun.Of(LogCommand.Create(), "verify", "--state-dir", _node.Path, "--key", pem);

        Assert.Equal((0, 0), (shown.ExitCode, run.ExitCode));
        Assert.StartsWith("signed: up to sequence 2, ", run.Lines[1]);
        Assert.EndsWith($", with key {shown.Error.Split(' ')[^1].Trim()}", run.Lines[1]);
        var unsigned = await CommandRun.Of(LogCommand.Create(), "verify", "--state-dir", _node.Path, "--checkpoint", $"99:{new string('a', 64)}");
        Assert.Equal(1, unsigned.ExitCode);
        Assert.Contains("sequences 4 to 99 were cut off the end", unsigned.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_none_is_said()
    {
        await _node.Record();
        var file = Path.Combine(_node.Path, "key");
        File.WriteAllText(file, "no key");

        var run = await CommandRun.Of(LogCommand.Create(), "verify", "--state-dir", _node.Path, "--key", file);

        Assert.Equal((1, $"criguard: `{file}` cannot be used as a key: it is no public key in PEM, as `criguard log key` writes it\n"), (run.ExitCode, run.Error));
        Assert.Equal(1, (await CommandRun.Of(LogCommand.Create(), "key", "--state-dir", _node.Path)).ExitCode);
    }

    [Fact]
    public async Task No_log_ends_with_1()
    {
        var run = await Verify();

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("criguard: there is no event log in ", run.Error);
    }

    public void Dispose() => _node.Dispose();

    private EventEntry Last() => EventSearch.First(_node.Log)!;

    private Task<CommandRun> Verify() => CommandRun.Of(LogCommand.Create(), "verify", "--state-dir", _node.Path);
}
