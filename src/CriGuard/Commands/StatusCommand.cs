using System.CommandLine;
using System.Text.Json;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Grpc.Calls;
using CriGuard.Output;
using CriGuard.Store.Status;

namespace CriGuard.Commands;

/// <summary>`criguard status`: how the daemon of this node is, on one page.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var stateDirectory = StateDirectory.Flag();
        var output = new Option<string>("--output", "-o") { HelpName = "text|json", Description = "for people or for programs", DefaultValueFactory = static _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("status", "how the daemon of this node is; ends with 0 where all is well, 1 where something needs a look, 2 where that cannot be told")
        {
            stateDirectory, output,
        };
        command.SetAction((parsed, cancelled) =>
            RunAsync(parsed.GetRequiredValue(stateDirectory), parsed.GetRequiredValue(output) == "json", parsed.InvocationConfiguration, cancelled));
        return command;
    }

    private static async Task<int> RunAsync(string directory, bool json, InvocationConfiguration streams, CancellationToken cancelled)
    {
        try
        {
            var now = TimeProvider.System.GetUtcNow();
            if (new StatusFile(directory).Read() is not { } status)
            {
                await streams.Error.WriteLineAsync($"criguard: no daemon runs on `{directory}`: start it, or give `--state-dir`");
                return ExitCode.Failed;
            }

            var seen = new SeenStatus(status, now, await VersionAsync(status.Runtime, cancelled));
            await streams.Output.WriteAsync(json ? $"{JsonSerializer.Serialize(status, StatusJson.Default.DaemonStatus)}\n" : StatusText.Of(seen));
            foreach (string concern in seen.Concerns)
                await streams.Error.WriteLineAsync($"criguard: {concern}");
            return seen.Concerns.Any() ? ExitCode.Failed : ExitCode.Ok;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await streams.Error.WriteLineAsync($"criguard: {e.Message}{(e is UnauthorizedAccessException ? ": run it as root" : "")}");
            return ExitCode.CannotJudge;
        }
    }

    /// <summary>The runtime's own word, asked straight; null where it does not answer.</summary>
    private static async Task<VersionResponse?> VersionAsync(string endpoint, CancellationToken cancelled)
    {
        if (!UnixEndpoint.TryParse(endpoint, out var runtime, out _))
            return null;
        using var channel = new RuntimeChannel(runtime.Path);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(Patience);
        try
        {
            var reply = await channel.CallAsync("/runtime.v1.RuntimeService/Version", ReadOnlyMemory<byte>.Empty, headers: null, limit.Token);
            return reply.Status.IsOk && Cri.Requests.Received.TryParseMessage<VersionResponse>(reply.Message.Span, out var version) ? version : null;
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            return null;
        }
    }
}
