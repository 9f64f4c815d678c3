using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;

namespace CriGuard.Tests.Daemon;

public sealed class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Calls_on_new_connections_are_served_while_old_ones_come_to_their_end()
    {
        await using var daemon = await RunningDaemon.StartAsync(drain: Patience);
        var (asked, answer) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        daemon.Runtime.Replies["Status"] = async _ =>
        {
            asked.TrySetResult();
            await answer.Task;
            return new StatusResponse();
        };
        var old = daemon.CallAsync("Status", []);
        await asked.Task.WaitAsync(Patience);

        var stopping = daemon.StopAsync();
        using (var client = new RuntimeChannel(daemon.Endpoint.Path))
        {
            var reply = await client.CallAsync("/runtime.v1.RuntimeService/Version", ReadOnlyMemory<byte>.Empty, headers: null, CancellationToken.None).WaitAsync(Patience);
            Assert.True(reply.Status.IsOk, reply.Status.ToString());
        }

        Assert.False(stopping.IsCompleted);
        answer.SetResult();
        Assert.True((await old).Status.IsOk);
        await stopping.WaitAsync(Patience);
        Assert.False(File.Exists(daemon.Endpoint.Path));
    }
}
