using System.Collections.Concurrent;
using CriGuard.Grpc.Relay;

namespace CriGuard.Daemon;

/// <summary>The client connections that are open, so that they can be drained.</summary>
internal sealed class ConnectionSet
{
    private readonly ConcurrentDictionary<RelayConnection, byte> _open = new();

    public int Count => _open.Count;

    public void Add(RelayConnection connection)
    {
        _open[connection] = 0;
        _ = connection.Completion.ContinueWith(
            (_, state) => _open.TryRemove((RelayConnection)state!, out byte _), connection, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Sends GOAWAY, lets open calls finish for at most <paramref name="limit"/>, then cuts what is left.</summary>
    public async Task DrainAsync(TimeSpan limit, TimeProvider time)
    {
        var connections = _open.Keys.ToList();
        connections.ForEach(static connection => connection.Drain());
        var finished = Task.WhenAll(connections.Select(static connection => connection.Completion));
        await Task.WhenAny(finished, Task.Delay(limit, time));
        connections.ForEach(static connection => connection.Abort());
        await Task.WhenAny(finished, Task.Delay(TimeSpan.FromSeconds(5), time));
    }
}
