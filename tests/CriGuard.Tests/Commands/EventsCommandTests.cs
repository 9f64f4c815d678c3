using System.CommandLine;
using CriGuard.Commands;

namespace CriGuard.Tests.Commands;

public sealed class EventsCommandTests : IDisposable
{
    private readonly RecordedNode _node = new();

    [Fact]
    public async Task A_table_has_a_line_for_each_event()
    {
        await _node.Record();

        var run = await Run();

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            [
                "TIME                  VERDICT  EVENT             POD                           WHAT",
                "2026-11-22T01:20:00Z           daemon.started",
                "2026-11-22T01:21:00Z  permit   CreateContainer   dev/web-0 web                 seccomp: unset → RuntimeDefault (tenants)",
                "2026-11-22T01:22:00Z           CreateContainer   dev/web-0 web                 answered: ok",
                @"2026-11-22T01:23:00Z  refuse   CreateContainer   prod/db-0 a\u001b[2Jb         container `a\u001b[2Jb` asks to be privileged (tenants)",
            ],
            run.Lines);
    }

    [Fact]
    public async Task Json_is_the_lines_of_the_log_as_they_are()
    {
        await _node.Record();

        Assert.Equal(File.ReadAllText(_node.Segment), (await Run("-o", "json")).Output);
    }

    [Theory]
    [InlineData("--pod dev/web-0", "2 3")]
    [InlineData("--pod dev/web", "")]
    [InlineData("--namespace prod", "4")]
    [InlineData("--verdict refuse", "4")]
    [InlineData("--verdict permit", "2")]
    [InlineData("--kind call.answered", "3")]
    [InlineData("--kind call -n dev", "2 3")]
    [InlineData("--since 2026-11-22T01:22:00Z", "3 4")]
    [InlineData("--since 2026-11-22T03:21:00+02:00 --until 2026-11-22T01:23:00Z", "2 3")]
    [InlineData("--limit 1", "4")]
    [InlineData("--limit 2 --namespace dev", "2 3")]
    [InlineData("--limit 0", "")]
    public async Task Only_what_was_asked_for_is_shown(string flags, string sequences)
    {
        await _node.Record();

        var run = await Run([.. flags.Split(' '), "-o", "json"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(sequences, string.Join(' ', run.Lines.Select(static line => line["{\"seq\":".Length..line.IndexOf(',', StringComparison.Ordinal)])));
    }

    [Theory]
    [InlineData("--pod web-0", "`web-0` is no pod: write NAMESPACE/NAME")]
    [InlineData("--since yesterday", "`yesterday` is no time: write a span as 10m or 2h, or a time as 2026-11-22T01:20:00Z")]
    [InlineData("--limit -1", "`-1` is no number of events: write 0 or more")]
    [InlineData("--verdict maybe", "maybe")]
    [InlineData("-o yaml", "yaml")]
    public async Task What_cannot_be_meant_is_an_error(string flags, string message)
    {
        await _node.Record();

        var run = await Run(flags.Split(' '));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error);
    }

    [Fact]
    public async Task No_log_is_a_clear_error()
    {
        var run = await Run();

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"criguard: there is no event log in `{_node.Log}` that this user may see: name the daemon's state directory, or be root\n", run.Error);
    }

    [Fact]
    public async Task Lines_that_are_no_events_are_told_on_the_error_stream()
    {
        await _node.Record();
        File.AppendAllText(_node.Segment, "nonsense\n");

        var run = await Run("-o", "json");

        Assert.Equal((0, 4), (run.ExitCode, run.Lines.Length));
        Assert.Equal("criguard: 1 lines of the log are no events: `criguard log verify` says what is wrong with them\n", run.Error);
    }

    [Fact]
    public async Task Following_shows_what_comes_and_ends_well_when_it_is_told_to()
    {
        await _node.Record();
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var log = _node.Open();
        using var output = new AwaitedWriter("\"daemon.stopped\"", guard);

        var following = EventsCommand.Create().Parse(["--state-dir", _node.Path, "--follow", "--limit", "1", "-o", "json"])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = TextWriter.Null }, guard.Token);
        await log.AppendAsync(RecordedNode.Events[0] with { Kind = "daemon.stopped" });

        Assert.Equal(0, await following);
        Assert.Contains("\"daemon.stopped\"", output.ToString());
        Assert.DoesNotContain("\"daemon.started\"", output.ToString());
    }

    public void Dispose() => _node.Dispose();

    private Task<CommandRun> Run(params string[] arguments) => CommandRun.Of(EventsCommand.Create(), ["--state-dir", _node.Path, .. arguments]);

    /// <summary>Presses Ctrl-C once this was written.</summary>
    private sealed class AwaitedWriter(string awaited, CancellationTokenSource interrupt) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(awaited, StringComparison.Ordinal) == true)
                interrupt.Cancel();
        }
    }
}
