using System.Security.Cryptography;

namespace CriGuard.Grpc.Tests.Relay;

public sealed class WindowTests
{
    private const int Smallest = 65_535;

    [Theory]
    [InlineData("Unary")]
    [InlineData("Lift")]
    public async Task A_message_of_64_MiB_passes_both_ways_under_the_smallest_windows(string method)
    {
        await using var route = await Route.StartAsync(serverWindow: Smallest, clientWindow: Smallest);
        var message = RandomNumberGenerator.GetBytes(64 * 1024 * 1024);
        var reply = await route.Through.CallAsync(method, message);
        Assert.True(message.AsSpan().SequenceEqual(Assert.Single(reply.Messages)));
    }

    [Fact]
    public async Task Relayed_and_lifted_replies_share_one_small_window_to_the_last_octet()
    {
        await using var route = await Route.StartAsync(serverWindow: Smallest, clientWindow: Smallest);
        string[] methods = ["Stream", "LiftStream"];
        var calls = Enumerable.Range(0, 40).Select(i => route.Through.CallAsync(methods[i % 2], Framing.StreamRequest(20, 20_000 + i)));
        var replies = await Task.WhenAll(calls);
        Assert.All(replies.Index(), r => Assert.All(r.Item.Messages, m => Assert.Equal(20_000 + r.Index, m.Length)));
        Assert.All(replies, r => Assert.Equal((20, "0"), (r.Messages.Count, r.Status)));
        Assert.Single(route.Relay.Connections);
    }
}
