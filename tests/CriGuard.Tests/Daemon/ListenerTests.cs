using System.Net.Sockets;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Grpc.Calls;

namespace CriGuard.Tests.Daemon;

public sealed class ListenerTests
{
    [Fact]
    public async Task T_Q5_a_flood_of_connections_is_turned_away_and_those_that_are_open_go_on()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        var stop = new StopContainerRequest { ContainerId = "c1" };
        Assert.Equal(StatusCode.Ok, (await daemon.CallAsync("StopContainer", stop)).Status.Code);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        var flood = Enumerable.Range(1, Listener.MostConnections).Select(_ => daemon.Endpoint.Dial()).ToList();
        int received = await flood[^1].ReceiveAsync(new byte[1], SocketFlags.None, patience.Token);

        // The runtime's SETTINGS would be the first that a connection of ours brings.
        Assert.Equal(0, received);
        Assert.Equal(StatusCode.Ok, (await daemon.CallAsync("StopContainer", stop)).Status.Code);
        flood.ForEach(static socket => socket.Dispose());
    }
}
