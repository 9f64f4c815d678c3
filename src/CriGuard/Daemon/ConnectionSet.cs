using System.Collections.Concurrent;
using System.Collections.Immutable;
using CriGuard.Grpc.Relay;
using CriGuard.Store.Status;

namespace CriGuard.Daemon;

/// <summary>The client connections that are open, so that they can be drained.</summary>
internal sealed class ConnectionSet
{
    private readonly ConcurrentDictionary<RelayConnection, ConnectedClient> _open = new();

    public int Count => _open.Count;

    /// <summary>Who is connected, the oldest first.</summary>
    public ImmutableArray<ConnectedClient> Clients => [.. _open.Values.OrderBy(static client => client.Since)];

    public void Add(RelayConnection connection, ConnectedClient client)
    {
        _open[connection] = client;
        _ = connection.Completion.ContinueWith(
            (_, state) => _open.TryRemove((RelayConnection)state!, out ConnectedClient? _), connection, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
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
