using System.Net;
using System.Net.Sockets;
using System.Text;
using CriGuard.Store.Status;

namespace CriGuard.Setup;

/// <summary>Whether the node is well: asked again and again until it is, or for too long.</summary>
/// <param name="node">For the daemon's status.</param>
/// <param name="systemctl">For the kubelet's process.</param>
/// <param name="patience">How long it may take.</param>
/// <param name="time">For the steps.</param>
internal sealed class NodeHealth(NodePaths node, Systemctl systemctl, TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>Steps in a row in which the same kubelet must be well: one that dies over its configuration takes a moment.</summary>
    private const int Steady = 3;

    /// <summary>Waits until the daemon answers with the runtime's words.</summary>
    /// <exception cref="SetupException">It does not.</exception>
    public async Task DaemonAsync(Survey found, CancellationToken cancelled)
    {
        string problem = "";
        for (long began = time.GetTimestamp(); time.GetElapsedTime(began) < patience; await Task.Delay(Step, time, cancelled))
        {
            if (!systemctl.IsActive(NodePaths.ServiceUnit))
            {
                problem = $"`{NodePaths.ServiceUnit}` is not active";
                continue;
            }

            try
            {
                await Survey.NameAsync(node, found.Listen, cancelled);
                return;
            }
            catch (SetupException e)
            {
                problem = e.Message;
            }
        }

        throw new SetupException($"the daemon is not well after {patience.TotalSeconds} s: {problem}; `journalctl -u criguard` says why");
    }

    /// <summary>Waits until a kubelet is well; through the daemon where <paramref name="through"/>.</summary>
    /// <exception cref="SetupException">It is not.</exception>
    public async Task KubeletAsync(Kubelet kubelet, bool through, CancellationToken cancelled)
    {
        (string problem, int seen, int steps) = ("", 0, 0);
        for (long began = time.GetTimestamp(); time.GetElapsedTime(began) < patience; await Task.Delay(Step, time, cancelled))
        {
            int pid = systemctl.MainPid(Survey.KubeletUnit);
            problem = await ProblemAsync(kubelet, pid, through, cancelled);
            steps = problem.Length > 0 || pid != seen ? 0 : steps + 1;
            seen = pid;
            if (steps >= Steady)
                return;
        }

        throw new SetupException($"the kubelet is not well after {patience.TotalSeconds} s: {problem}; `journalctl -u kubelet` says why");
    }

    private async Task<string> ProblemAsync(Kubelet kubelet, int pid, bool through, CancellationToken cancelled)
    {
        if (pid == 0)
            return "it does not run";
        if (kubelet.Healthz is { } place && await HealthzAsync(place.Address, place.Port, cancelled) is { } complaint)
            return complaint;
        return !through || IsConnected(pid) ? "" : "it is not connected to the daemon";
    }

    private bool IsConnected(int pid)
    {
        try
        {
            return new StatusFile(node["/var/lib/criguard"]).Read()?.Clients.Any(client => client.Pid == pid) == true;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Null where the answer is 200.</summary>
    private static async Task<string?> HealthzAsync(string address, int port, CancellationToken cancelled)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.TryParse(address, out var ip) && !ip.Equals(IPAddress.Any) ? ip : IPAddress.Loopback, port, limit.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync("GET /healthz HTTP/1.0\r\n\r\n"u8.ToArray(), limit.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            string line = await reader.ReadLineAsync(limit.Token) ?? "";
            return line.Contains(" 200 ", StringComparison.Ordinal) ? null : $"its /healthz says `{line}`";
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            return $"its /healthz on port {port} does not answer";
        }
    }
}
