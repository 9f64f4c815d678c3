using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CriGuard.Node;

/// <summary>`machine/boot.sh` in C#'s hands: QEMU, which ends when this does.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    private const string Ready = "the node is ready";

    private readonly Process _process;
    private readonly Task _console;

    private Emulator(Process process, Task console, IReadOnlyList<IPEndPoint> ports)
    {
        _process = process;
        _console = console;
        (Shell, Runtime, Gate) = (ports[0], ports[1], ports[2]);
    }

    public EndPoint Shell { get; }

    public EndPoint Runtime { get; }

    public EndPoint Gate { get; }

    /// <summary>Starts the machine and waits until it says on its console that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It did not in time; the message has the end of the console.</exception>
    public static async Task<Emulator> StartAsync(string recipe, string made, string job, TimeSpan boot, TimeSpan life)
    {
        var ports = FreePorts(3);
        // A session of its own: Ctrl-C at a terminal must reach the owner, and only through it the machine.
        var process = Process.Start(new ProcessStartInfo(
            "setsid",
            ["--wait", "sh", Path.Combine(recipe, "boot.sh"), made, job, $"{(boot + life).TotalSeconds}", .. ports.Select(static p => $"{p.Port}")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(boot);
        var said = new List<string>();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                said.Add(line);
                if (line.Contains(Ready, StringComparison.Ordinal))
                    return new Emulator(process, process.StandardOutput.ReadToEndAsync(CancellationToken.None), ports);
            }
        }
        catch (OperationCanceledException)
        {
            said.Add($"not ready after {boot.TotalSeconds} s");
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        throw new InvalidOperationException($"the machine did not come up: {await complaints}{string.Join('\n', said.TakeLast(20))}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        await _console;
        _process.Dispose();
    }

    /// <summary>Ports of 127.0.0.1 that were free a moment ago.</summary>
    private static List<IPEndPoint> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(static l => l.Start());
        var ports = listeners.ConvertAll(static l => (IPEndPoint)l.LocalEndpoint);
        listeners.ForEach(static l => l.Dispose());
        return ports;
    }
}
