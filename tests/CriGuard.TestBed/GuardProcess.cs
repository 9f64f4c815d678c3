using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace CriGuard.TestBed;

/// <summary>The real daemon in front of a node's runtime, with a policy and a state directory of its own; stopped by SIGTERM when disposed.</summary>
public sealed class GuardProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    private GuardProcess(Process process, Task<string> errors, string directory)
    {
        this.process = process;
        this.errors = errors;
        Directory = directory;
    }

    /// <summary>Holds socket, policy and state; a guard that is started here again goes on with them.</summary>
    public string Directory { get; }

    public int Id => process.Id;

    /// <summary>Exit code, once the daemon was stopped.</summary>
    public int ExitCode => process.ExitCode;

    public string Socket => Path.Combine(Directory, "cri.sock");

    public string StateDirectory => Path.Combine(Directory, "state");

    /// <summary>The policy, of which <see cref="PolicyFile"/> is the first file.</summary>
    public string PolicyDirectory => PolicyOf(Directory);

    public string PolicyFile => Path.Combine(PolicyDirectory, "policy.yaml");

    /// <summary>Starts a guard under a name that is unique on the node, and waits until it says that it is ready.</summary>
    public static Task<GuardProcess> StartAsync(Node node, string name, string policy, CancellationToken cancellation = default)
    {
        var directory = System.IO.Directory.CreateDirectory(Path.Combine(node.Directory, name)).FullName;
        System.IO.Directory.CreateDirectory(PolicyOf(directory));
        File.WriteAllText(Path.Combine(PolicyOf(directory), "policy.yaml"), policy);
        return StartAsync(node, directory, cancellation);
    }

    /// <summary>Stops this guard and starts another in its place: the same socket, policy and state.</summary>
    public async Task<GuardProcess> RestartAsync(Node node, CancellationToken cancellation = default)
    {
        await DisposeAsync();
        return await StartAsync(node, Directory, cancellation);
    }

    /// <summary>Asks for the end and waits for it.</summary>
    /// <returns>What the daemon wrote to its standard error.</returns>
    public async Task<string> StopAsync()
    {
        if (!process.HasExited)
            await Command.RunAsync("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync();
        return await errors;
    }

    /// <summary>The events recorded so far, by `criguard events`.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync()
    {
        var command = await CommandAsync("events", "-o", "json");
        if (command.ExitCode != 0)
            throw new InvalidOperationException($"`criguard events` ended with {command.ExitCode}: {command.Errors}");
        return [.. command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>Runs the same executable on the state of this guard.</summary>
    public Task<Command> CommandAsync(params string[] arguments) =>
        Command.RunAsync(Checkout.Executable, [.. arguments, "--state-dir", StateDirectory]);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    private static string PolicyOf(string directory) => Path.Combine(directory, "policy.d");

    private static async Task<GuardProcess> StartAsync(Node node, string directory, CancellationToken cancellation)
    {
        if (!File.Exists(Checkout.Executable))
            throw new InvalidOperationException($"`{Checkout.Executable}` is not there: run `make build` first");

        using var readiness = new Readiness(Path.Combine(directory, "notify.sock"));
        var start = node.Member(
            Checkout.Executable,
            "daemon",
            "--listen", $"unix://{directory}/cri.sock",
            "--runtime-endpoint", $"unix://{node.RuntimeSocket}",
            "--policy", PolicyOf(directory),
            "--state-dir", Path.Combine(directory, "state"),
            "--pod-logs-dir", node.PodLogs);
        start.RedirectStandardError = true;
        start.Environment["NOTIFY_SOCKET"] = readiness.Path;
        var daemon = Process.Start(start)!;
        var said = daemon.StandardError.ReadToEndAsync(CancellationToken.None);
        var ready = readiness.WaitAsync(cancellation);
        var ended = daemon.WaitForExitAsync(cancellation);
        if (await Task.WhenAny(ready, ended) == ended)
            throw new InvalidOperationException($"the daemon ended with {daemon.ExitCode} before it was ready: {await said}");

        await ready;
        return new GuardProcess(daemon, said, directory);
    }

    // The service manager's side of sd_notify(3).
    private sealed class Readiness : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        public Readiness(string path)
        {
            Path = path;
            File.Delete(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
        }

        public string Path { get; }

        public async Task WaitAsync(CancellationToken cancellation)
        {
            var buffer = new byte[4096];
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, cancellation);
                if (Encoding.UTF8.GetString(buffer, 0, length).Split('\n').Contains("READY=1", StringComparer.Ordinal))
                    return;
            }
        }

        public void Dispose() => socket.Dispose();
    }
}
