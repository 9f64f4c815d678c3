using System.Globalization;
using Microsoft.Extensions.Logging;

namespace CriGuard.Output;

/// <summary>Writes the daemon's own messages, a line each; for the journal with the priority that it reads (sd-daemon(3)) and without the time that it adds.</summary>
/// <param name="writer">Standard error.</param>
/// <param name="least">Messages below this level are left out.</param>
/// <param name="time">Clock of the lines.</param>
/// <param name="journal">True where standard error leads to systemd's journal (JOURNAL_STREAM is set).</param>
internal sealed class StderrLogger(TextWriter writer, LogLevel least, TimeProvider time, bool journal) : ILogger
{
    private readonly Lock _gate = new();

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        string head = journal ? $"<{Priority(logLevel)}>" : $"{time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {Name(logLevel),-8} ";
        string cause = exception is null ? "" : $": {exception.Message}";
        // Of an exception that nobody expected the place matters more than the line's length.
        string trace = exception is null || logLevel < LogLevel.Error ? "" : $" [{exception.GetType().Name} {exception.StackTrace}]";
        lock (_gate)
            writer.WriteLine($"{head}{eventId.Name}: {Printable.Of(formatter(state, exception) + cause + trace)}");
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        _ => level.ToString().ToLowerInvariant(),
    };

    /// <summary>syslog(3) levels: crit, err, warning, info, debug.</summary>
    private static int Priority(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };
}
