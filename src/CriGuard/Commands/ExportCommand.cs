using System.CommandLine;
using System.Text;
using CriGuard.Core.Events;
using CriGuard.Output;
using CriGuard.Store.Events;

namespace CriGuard.Commands;

/// <summary>`criguard export`: events for other programs, and what is needed to prove them.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var flags = new EventsFlags(TimeProvider.System);
        var output = new Option<string>("--output", "-o") { HelpName = "json|csv", Description = "the lines of the log as they are, or a table for spreadsheets", DefaultValueFactory = static _ => "json" };
        output.AcceptOnlyFromAmong("json", "csv");
        var proof = new Option<string?>("--proof")
        {
            HelpName = "DIR", Description = "also copy all lines from the first of these events to the checkpoint behind the last: `criguard log verify --excerpt DIR --key FILE` proves them",
        };
        var command = new Command("export", "write events for other programs, with proof");
        flags.AddFilterTo(command);
        command.Add(output);
        command.Add(proof);
        command.SetAction((parsed, cancelled) => Task.FromResult(Export(
            flags.Log(parsed), flags.Filter(parsed), parsed.GetRequiredValue(output) == "csv", parsed.GetValue(proof), parsed.InvocationConfiguration, cancelled)));
        return command;
    }

    private static int Export(string directory, EventFilter filter, bool csv, string? proof, InvocationConfiguration streams, CancellationToken cancelled)
    {
        try
        {
            using var reader = new EventReader(directory, filter);
            var (first, last) = (0L, 0L);
            if (csv)
                streams.Output.Write(EventCsv.Header + "\r\n");
            foreach (var logged in reader.Read())
            {
                cancelled.ThrowIfCancellationRequested();
                streams.Output.Write(csv ? EventCsv.Row(logged.Entry) + "\r\n" : Encoding.UTF8.GetString(logged.Line.Span) + "\n");
                last = logged.Entry.Link.Sequence;
                first = first == 0 ? last : first;
            }

            if (reader.Unreadable > 0)
                streams.Error.WriteLine($"criguard: {reader.Unreadable} lines of the log are no events: `criguard log verify` says what is wrong with them");
            return proof is null ? ExitCode.Ok : Prove(directory, proof, first, last, streams);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (EventLogException e)
        {
            streams.Error.WriteLine($"criguard: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private static int Prove(string directory, string target, long first, long last, InvocationConfiguration streams)
    {
        if (first == 0)
        {
            streams.Error.WriteLine("criguard: there are no such events, and nothing to prove");
            return ExitCode.Failed;
        }

        var copied = LogExcerpt.Write(directory, target, first, last);
        streams.Error.WriteLine($"criguard: sequences {copied.First} to {copied.Last} are in {target}: `criguard log verify --excerpt {target} --key FILE` proves them");
        if (copied.Covered)
            return ExitCode.Ok;
        streams.Error.WriteLine("criguard: no checkpoint has been made behind the last of these events yet: export them again in a minute");
        return ExitCode.Failed;
    }
}
