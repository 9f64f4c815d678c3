using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

/// <summary>A process that appends until it is killed, and says of each event that it is on disk.</summary>
internal static class Appender
{
    public static async Task Main(string[] arguments)
    {
        using var key = SigningKey.Open(arguments[1]);
        using var log = EventLog.Open(arguments[0], new EventLogOptions { Node = "n", SegmentBytes = 4096, Key = key, CheckpointEvents = 20 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Append(log, $"{Environment.ProcessId}-{worker}")));
    }

    private static async Task Append(EventLog log, string worker)
    {
        for (var i = 0; ; i++)
        {
            await log.AppendAsync(LogFolder.Event($"{worker}-{i}"));
            Console.WriteLine($"{worker}-{i}");
            log.Append(LogFolder.Event("answered"));
        }
    }
}
