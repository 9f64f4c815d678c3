using System.Security.Cryptography;

namespace CriGuard.Grpc.Tests.Relay;

public sealed class RelayFidelityTests
{
    [Theory]
    [InlineData("Unary")]
    [InlineData("Lift")]
    [InlineData("Fail")]
    [InlineData("LiftFail")]
    [InlineData("Refuse")]
    [InlineData("LiftRefuse")]
    public async Task Headers_messages_trailers_and_status_arrive_as_through_the_straight_connection(string method)
    {
        await using var route = await Route.StartAsync();
        (string, string)[] headers = [("x-text", "a b, c"), ("x-octets-bin", "AAEC/w"), ("grpc-timeout", "120000m")];
        var straight = await route.Straight.CallAsync(method, [1, 2, 3], headers);
        var through = await route.Through.CallAsync(method, [1, 2, 3], headers);

        Assert.Equal(straight.Headers, through.Headers);
        Assert.Equal(straight.Trailers, through.Trailers);
        Assert.Equal(straight.Messages, through.Messages);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Lift")]
    public async Task A_large_message_passes_both_ways(string method)
    {
        await using var route = await Route.StartAsync();
        var message = RandomNumberGenerator.GetBytes(16 * 1024 * 1024);
        var reply = await route.Through.CallAsync(method, message);

        Assert.Equal("0", reply.Status);
        Assert.True(message.AsSpan().SequenceEqual(Assert.Single(reply.Messages)));
    }

    [Theory]
    [InlineData("Stream")]
    [InlineData("LiftStream")]
    public async Task A_stream_of_messages_arrives_whole_and_in_order(string method)
    {
        await using var route = await Route.StartAsync();
        var reply = await route.Through.CallAsync(method, Framing.StreamRequest(200, 3000));

        Assert.Equal("0", reply.Status);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), reply.Messages.Select(m => m[^1]));
    }

    [Fact]
    public async Task A_thousand_calls_in_parallel_share_one_connection()
    {
        await using var route = await Route.StartAsync();
        var calls = Enumerable.Range(0, 1000).Select(i => route.Through.CallAsync(i % 2 == 0 ? "Unary" : "Lift", BitConverter.GetBytes(i))).ToArray();
        var replies = await Task.WhenAll(calls);

        Assert.Equal(Enumerable.Range(0, 1000), replies.Select(r => BitConverter.ToInt32(Assert.Single(r.Messages))));
        Assert.Single(route.Relay.Connections);
    }
}
