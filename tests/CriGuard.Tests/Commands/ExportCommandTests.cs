using CriGuard.Commands;
using CriGuard.Store.Events;

namespace CriGuard.Tests.Commands;

public sealed class ExportCommandTests : IDisposable
{
    private readonly RecordedNode _node = new();

    [Fact]
    public async Task Lines_are_exported_as_they_are()
    {
        await _node.Record();

        var run = await Export("--namespace", "dev");

        Assert.Equal(File.ReadAllLines(_node.Segment)[1..3], run.Lines);
    }

    [Fact]
    public async Task A_table_is_quoted_and_has_no_formulas()
    {
        using (var log = _node.Open())
            await log.AppendAsync(RecordedNode.Events[1] with { ContainerName = "=cmd|' /c calc'!A0", SandboxId = "a,\"b\"\nc" });

        var run = await Export("-o", "csv");

        Assert.Equal(EventCsvHeader, run.Output.Split("\r\n")[0]);
        var row = run.Output.Split("\r\n")[1];
        Assert.Contains(",\"a,\"\"b\"\"\nc\",'=cmd|' /c calc'!A0,", row, StringComparison.Ordinal);
        Assert.StartsWith("1,2026-11-22T01:20:00.000000Z,n,call.decided,", row);
    }

    [Fact]
    public async Task A_part_of_a_log_is_proved_without_the_rest()
    {
        var (pem, part) = (Path.Combine(_node.Path, "public.pem"), Path.Combine(_node.Path, "part"));
        using (var key = SigningKey.Open(_node.Path))
        using (var log = EventLog.Open(_node.Log, new() { Node = "n", Key = key, CheckpointEvents = 4, SegmentBytes = 800 }))
        {
            File.WriteAllText(pem, key.PublicPem);
            foreach (var (index, record) in RecordedNode.Events.Concat(RecordedNode.Events).Index())
                await log.AppendAsync(record with { Time = RecordedNode.Time.AddMinutes(index) });
        }

        var run = await Export("--since", "2026-11-22T01:22:00Z", "--until", "2026-11-22T01:25:00Z", "--proof", part);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(3, run.Lines.Length);
        Assert.Equal((0, true), await VerifyAsync(part, pem));
        var file = Assert.Single(Directory.GetFiles(part));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains("is not empty", (await Export("--proof", part)).Error, StringComparison.Ordinal);
        File.WriteAllText(file, File.ReadAllText(file).Replace("web-0", "web-1", StringComparison.Ordinal));
        Assert.Equal((1, false), await VerifyAsync(part, pem));
    }

    [Fact]
    public async Task A_whole_log_that_was_closed_is_proved()
    {
        var (pem, part) = (Path.Combine(_node.Path, "public.pem"), Path.Combine(_node.Path, "part"));
        using (var key = SigningKey.Open(_node.Path))
        using (var log = EventLog.Open(_node.Log, new() { Node = "n", Key = key }))
        {
            File.WriteAllText(pem, key.PublicPem);
            await log.AppendAsync(RecordedNode.Events[0]);
        }

        Assert.Equal(0, (await Export("--proof", part)).ExitCode);
        Assert.Equal((0, true), await VerifyAsync(part, pem));
    }

    [Fact]
    public async Task What_no_checkpoint_covers_yet_is_said()
    {
        await _node.Record();

        var run = await Export("--proof", Path.Combine(_node.Path, "part"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no checkpoint has been made behind the last of these events yet", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _node.Dispose();

    private static string EventCsvHeader => CriGuard.Output.EventCsv.Header;

    private Task<CommandRun> Export(params string[] arguments) => CommandRun.Of(ExportCommand.Create(), [.. arguments, "--state-dir", _node.Path]);

    private static async Task<(int ExitCode, bool Signed)> VerifyAsync(string part, string pem)
    {
        var run = await CommandRun.Of(LogCommand.Create(), "verify", "--excerpt", part, "--key", pem);
        return (run.ExitCode, run.Output.Contains("\nsigned: up to sequence ", StringComparison.Ordinal));
    }
}
