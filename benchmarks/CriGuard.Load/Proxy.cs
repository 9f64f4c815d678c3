using System.Diagnostics;
using System.Net.Sockets;
using CriGuard.TestBed;

namespace CriGuard.Load;

/// <summary>A program that listens on one socket and passes what comes to the runtime; ended by SIGTERM when disposed.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly Task<string> errors;

    private Proxy(Process process, Task<string> errors)
    {
        this.process = process;
        this.errors = errors;
    }

    /// <summary>The process and its children of now.</summary>
    public IReadOnlyList<int> Processes => ProcessFiles.Family(process.Id);

    /// <summary>Starts a plain byte splice: the least that any proxy can cost.</summary>
    public static Task<Proxy> StartSpliceAsync(string socket, string runtime, CancellationToken cancellation) =>
        StartAsync("socat", [$"UNIX-LISTEN:{socket},fork", $"UNIX-CONNECT:{runtime}"], socket, cancellation);

    /// <summary>Starts CriGuard with the policy of the load run.</summary>
    /// <exception cref="InvalidOperationException">It is not built, or did not come up; the message has what it said.</exception>
    public static Task<Proxy> StartGuardAsync(string socket, string runtime, string[] options, CancellationToken cancellation) =>
        !File.Exists(Checkout.Executable)
        ? throw new InvalidOperationException($"`{Checkout.Executable}` is not there: run `make build` first")
        : StartAsync(
            Checkout.Executable,
            [
                "daemon",
                "--listen", $"unix://{socket}",
                "--runtime-endpoint", $"unix://{runtime}",
                "--policy", Path.Combine(AppContext.BaseDirectory, "policy.yaml"),
                "--state-dir", Path.Combine(Path.GetDirectoryName(socket)!, "state"),
                .. options,
            ],
            socket,
            cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Command.RunAsync("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<Proxy> StartAsync(string program, string[] arguments, string socket, CancellationToken cancellation)
    {
        var started = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var proxy = new Proxy(started, started.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await proxy.AcceptsAsync(socket, cancellation);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    private async Task AcceptsAsync(string socket, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var tries = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await AcceptsNowAsync(socket, patience.Token))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"`{process.StartInfo.FileName}` ended with {process.ExitCode}: {await errors}");
            await tries.WaitForNextTickAsync(patience.Token);
        }
    }

    private static async Task<bool> AcceptsNowAsync(string path, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
