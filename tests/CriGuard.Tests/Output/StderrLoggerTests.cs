using CriGuard.Output;
using Microsoft.Extensions.Logging;

namespace CriGuard.Tests.Output;

public sealed class StderrLoggerTests : IDisposable
{
    private static readonly EventId Event = new(1, "policy.refused");

    private readonly StringWriter _written = new() { NewLine = "\n" };

    [Fact]
    public void A_person_reads_time_level_event_and_message()
    {
        Logger(journal: false).Log(LogLevel.Warning, Event, "told", exception: null, static (text, _) => text);

        Assert.Equal("2026-01-02T03:04:05.678Z warning  policy.refused: told\n", _written.ToString());
    }

    [Theory]
    [InlineData(LogLevel.Critical, 2)]
    [InlineData(LogLevel.Error, 3)]
    [InlineData(LogLevel.Warning, 4)]
    [InlineData(LogLevel.Information, 6)]
    [InlineData(LogLevel.Debug, 7)]
    public void The_journal_reads_a_priority(LogLevel level, int priority)
    {
        Logger(journal: true).Log(level, Event, "told", exception: null, static (text, _) => text);

        Assert.Equal($"<{priority}>policy.refused: told\n", _written.ToString());
    }

    [Fact]
    public void What_a_peer_chose_cannot_begin_a_line_of_its_own()
    {
        Logger(journal: true).Log(LogLevel.Debug, Event, "pod `a\n<2>forged\u001b[2J`", exception: null, static (text, _) => text);

        Assert.Equal("<7>policy.refused: pod `a\\u000a<2>forged\\u001b[2J`\n", _written.ToString());
    }

    [Fact]
    public void Less_than_was_asked_for_is_left_out()
    {
        var logger = new StderrLogger(_written, LogLevel.Information, TimeProvider.System, journal: true);

        logger.Log(LogLevel.Debug, Event, "told", exception: null, static (text, _) => text);

        Assert.Equal("", _written.ToString());
    }

    public void Dispose() => _written.Dispose();

    private StderrLogger Logger(bool journal) => new(_written, LogLevel.Debug, new FixedTime(), journal);

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    }
}
