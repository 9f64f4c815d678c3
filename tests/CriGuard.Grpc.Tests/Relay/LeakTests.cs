using CriGuard.Grpc.Calls;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>Tests that count what the whole process has, and so run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class LeakTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Threads_and_sockets_are_back_where_they_were_after_many_connections()
    {
        await using var route = await Route.StartAsync();
        await CallOnce(route);
        await Ended(route);
        var sockets = Sockets();
        for (var i = 0; i < 50; i++)
            await CallOnce(route);
        await Ended(route);
        Assert.InRange(Sockets(), 0, sockets + 4);
        // A connection is complete just before its last thread is gone. The one that is left is the channel's.
        Assert.True(SpinWait.SpinUntil(() => SocketThreads() == 1, s_patience));
    }

    [Fact]
    public async Task A_channel_that_is_disposed_leaves_no_thread_and_no_socket()
    {
        await using var route = await Route.StartAsync();
        await CallOnce(route.ServerSocket);
        Gone();
        var sockets = Sockets();
        for (var i = 0; i < 50; i++)
            await CallOnce(route.ServerSocket);
        Gone();
        Assert.InRange(Sockets(), 0, sockets + 4);

        static async Task CallOnce(string socket)
        {
            using var channel = new RuntimeChannel(socket);
            Assert.Equal(GrpcStatus.Ok, (await channel.CallAsync("/test.Echo/Unary", new byte[] { 1 }, headers: null, CancellationToken.None)).Status);
        }

        static void Gone() => Assert.True(SpinWait.SpinUntil(() => SocketThreads() == 0, s_patience));
    }

    [Fact]
    public void A_relayed_call_allocates_nothing()
    {
        using var route = FrameRoute.Open();
        var call = new FrameScript(route.Client).Call("Unary");
        var reply = new FrameScript(route.Runtime).Reply();
        Exchange(100);
        // The least of some rounds: the test's own process does other things too.
        Assert.InRange(Enumerable.Range(0, 5).Min(_ => AllocatedBy(1000)), 0, 1000 * 4);

        long AllocatedBy(int calls)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Exchange(calls);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        void Exchange(int calls)
        {
            for (var i = 0; i < calls; i++)
            {
                var stream = call.Send();
                reply.Skip(2);
                reply.Send(stream);
                call.Skip(2);
            }
        }
    }

    private static async Task CallOnce(Route route)
    {
        using var client = new CallClient(route.Relay.Socket);
        Assert.Equal("0", (await client.CallAsync("Unary", [1])).Status);
        Assert.Equal("0", (await client.CallAsync("Lift", [1])).Status);
    }

    private static Task Ended(Route route) => Task.WhenAll(route.Relay.Connections.Select(c => c.Completion)).WaitAsync(s_patience);

    private static int Sockets() => Directory.GetFiles("/proc/self/fd").Count(fd =>
        new FileInfo(fd).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private static int SocketThreads() => Directory.GetDirectories("/proc/self/task").Count(task =>
        NameOf(task).StartsWith("criguard-", StringComparison.Ordinal));

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return ""; // It ended meanwhile.
        }
    }
}
