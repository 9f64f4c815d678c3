using System.CommandLine;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Output;
using CriGuard.Store.BreakGlass;
using CriGuard.Store.Events;

namespace CriGuard.Commands;

/// <summary>`criguard bypass`: break-glass. Everything goes on for a while, loudly recorded.</summary>
internal static class BypassCommand
{
    /// <summary>A daemon looks once a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var stateDirectory = StateDirectory.Flag();
        var span = new Option<TimeSpan?>("--for")
        {
            HelpName = "SPAN",
            Description = "how long, 24h at most: 90s, 30m, 2h; it ends by itself then, also over a restart",
            CustomParser = static result =>
            {
                if (Moment.TryParseSpan(result.Tokens[0].Value, out var read) && read > TimeSpan.Zero && read <= Bypass.Longest)
                    return read;
                result.AddError($"`{result.Tokens[0].Value}` is no time that a bypass may take: write 90s, 30m or 2h, 24h at most");
                return null;
            },
        };
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Description = "why: it stands in every event until then" };
        var end = new Option<bool>("--end") { Description = "let the policy decide again" };
        var command = new Command("bypass", "let every call go on for a while, whatever the policy says, and record what it would have said (root); without flags: whether that is so now")
        {
            stateDirectory, span, reason, end,
        };
        command.Validators.Add(result =>
        {
            // Its value cannot be asked for here: one that is wrong throws, and has been said already.
            bool begins = result.GetResult(span) is not null;
            if (begins == string.IsNullOrWhiteSpace(result.GetValue(reason)))
                result.AddError("a bypass needs both `--for` and `--reason`");
            if (result.GetValue(end) && begins)
                result.AddError("`--end` ends a bypass, `--for` begins one: give one of the two");
        });
        command.SetAction((parsed, cancelled) => GuardedAsync(parsed.InvocationConfiguration, () =>
        {
            string directory = parsed.GetRequiredValue(stateDirectory);
            if (parsed.GetValue(end))
                return EndAsync(directory, parsed.InvocationConfiguration, cancelled);
            return parsed.GetValue(span) is { } given
                ? BeginAsync(directory, given, parsed.GetValue(reason)!, parsed.InvocationConfiguration, cancelled)
                : ShowAsync(directory, parsed.InvocationConfiguration);
        }));
        return command;
    }

    private static async Task<int> BeginAsync(string directory, TimeSpan span, string reason, InvocationConfiguration streams, CancellationToken cancelled)
    {
        var now = TimeProvider.System.GetUtcNow();
        new BypassFile(directory).Write(new Bypass(now, now + span, reason, Who()));
        var done = $"bypassed until {Time(now + span)}: nothing is refused or changed; `criguard bypass --end` ends it";
        return await SeenAsync(directory, new EventFilter { Kind = EventKinds.BypassOpened, Since = now }, done, streams, cancelled);
    }

    private static async Task<int> EndAsync(string directory, InvocationConfiguration streams, CancellationToken cancelled)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (!new BypassFile(directory).Remove())
            return await ShowAsync(directory, streams);
        return await SeenAsync(directory, new EventFilter { Kind = EventKinds.BypassClosed, Since = now }, "the policy decides again", streams, cancelled);
    }

    private static async Task<int> ShowAsync(string directory, InvocationConfiguration streams)
    {
        var bypass = new BypassFile(directory).Read();
        await streams.Output.WriteLineAsync(bypass?.IsOpen(TimeProvider.System.GetUtcNow()) == true
            ? $"bypassed until {Time(bypass.Until)} by {Printable.Of(bypass.By)}: {Printable.Of(bypass.Reason)}"
            : "not bypassed: the policy decides");
        return ExitCode.Ok;
    }

    /// <summary>Says that the daemon has taken it, by its own event; or that none did.</summary>
    private static async Task<int> SeenAsync(string directory, EventFilter awaited, string done, InvocationConfiguration streams, CancellationToken cancelled)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(Patience);
        try
        {
            using var reader = new EventReader(StateDirectory.Events(directory), awaited);
            await foreach (var _ in reader.Follow(TimeProvider.System, limit.Token))
            {
                await streams.Output.WriteLineAsync(done);
                return ExitCode.Ok;
            }
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            // Said below.
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }

        await streams.Error.WriteLineAsync($"criguard: no daemon has said so within {Patience.TotalSeconds} s: is one running on `{directory}`? It will as soon as one does");
        return ExitCode.Failed;
    }

    private static string Time(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}";

    /// <summary>Who types it, as sudo(8) tells; root's own name where it does not.</summary>
    private static string Who() => Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user ? $"{user} (sudo)" : Environment.UserName;

    private static async Task<int> GuardedAsync(InvocationConfiguration streams, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is UnauthorizedAccessException)
        {
            await streams.Error.WriteLineAsync($"criguard: {e.Message}: run it as root");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or EventLogException)
        {
            await streams.Error.WriteLineAsync($"criguard: {e.Message}");
        }

        return ExitCode.Failed;
    }
}
