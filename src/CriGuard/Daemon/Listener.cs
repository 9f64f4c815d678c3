using System.Net.Sockets;
using CriGuard.Core.Events;
using CriGuard.Grpc.Relay;
using CriGuard.Linux;
using CriGuard.Linux.Processes;
using CriGuard.Store.Status;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>Step 0: accepts connections, reads once who is there, and starts a relay for each.</summary>
internal sealed class Listener(ListeningSocket listening, RelayOptions options, Func<LiftedCall, Caller, Task> serve, ConnectionSet connections, TimeProvider time, ILogger log)
{
    /// <summary>Far more than a node has clients. Each takes two threads and two descriptors: without a bound one peer could use up all there are.</summary>
    public const int MostConnections = 256;

    /// <summary>Wait after a failed accept: descriptors run out together, and are given back together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ProcessReader _processes = new();

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Start(await listening.AcceptAsync(stop));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                Log.CannotAccept(log, e.Message);
                await Task.Delay(Pause, stop).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private void Start(Socket client)
    {
        try
        {
            var caller = PeerCredentials.Read(client, _processes);
            if (connections.Count >= MostConnections)
                throw new IOException($"{MostConnections} are open already");
            Log.Accepted(log, caller.Pid, caller.Uid, caller.Executable);
            connections.Add(
                RelayConnection.Start(client, options, call => serve(call, caller)),
                new ConnectedClient(caller.Pid, caller.Uid, caller.Executable, time.GetUtcNow()));
        }
        catch (Exception e) when (e is SocketException or IOException or OutOfMemoryException)
        {
            // The last is what a thread is refused with (pthread_create(3), EAGAIN): one connection less, not the end of the daemon.
            Log.ConnectionFailed(log, e.Message);
            client.Dispose();
        }
    }
}
