using System.CommandLine;
using System.Text;
using CriGuard.Output;
using CriGuard.Store.Events;

namespace CriGuard.Commands;

/// <summary>`criguard events`: shows what was decided and recorded on this node.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var command = new Command("events", "show what was decided and recorded on this node");
        var flags = new EventsFlags(TimeProvider.System);
        flags.AddTo(command);
        command.SetAction((parsed, cancelled) => RunAsync(flags.Query(parsed), parsed.InvocationConfiguration, cancelled));
        return command;
    }

    private static async Task<int> RunAsync(EventsQuery query, InvocationConfiguration streams, CancellationToken cancelled)
    {
        try
        {
            using var reader = new EventReader(query.Directory, query.Filter);
            var table = new EventTable(streams.Output);
            void Show(LoggedEvent logged)
            {
                cancelled.ThrowIfCancellationRequested();
                if (query.Raw)
                    streams.Output.WriteLine(Encoding.UTF8.GetString(logged.Line.Span));
                else
                    table.Write(logged.Entry);
            }

            foreach (var logged in query.Limit is { } limit ? reader.Read().TakeLast(limit) : reader.Read())
                Show(logged);
            if (reader.Unreadable > 0)
                await streams.Error.WriteLineAsync($"criguard: {reader.Unreadable} lines of the log are no events: `criguard log verify` says what is wrong with them");
            if (!query.Follow)
                return ExitCode.Ok;
            await foreach (var logged in reader.Follow(TimeProvider.System, cancelled))
                Show(logged);
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how following ends.
            return query.Follow ? ExitCode.Ok : ExitCode.Interrupted;
        }
        catch (EventLogException e)
        {
            await streams.Error.WriteLineAsync($"criguard: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
