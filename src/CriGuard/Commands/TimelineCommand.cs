using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using CriGuard.Core.Events;
using CriGuard.Output;
using CriGuard.Store.Events;

namespace CriGuard.Commands;

/// <summary>`criguard timeline NAMESPACE/POD`: one pod's whole story in order, for a person.</summary>
internal static class TimelineCommand
{
    /// <summary>What happened on the node meanwhile, and decides what a pod's story can and cannot say.</summary>
    private static readonly string[] OfTheNode =
    [
        EventKinds.LogGap, EventKinds.LogRepaired, EventKinds.LogTrimmed, EventKinds.DaemonStarted, EventKinds.DaemonStopped, EventKinds.DaemonUpgraded, EventKinds.PolicyLoaded, EventKinds.BypassOpened, EventKinds.BypassClosed,
    ];

    public static Command Create()
    {
        var stateDirectory = StateDirectory.Flag();
        var pod = new Argument<(string Namespace, string Name)?>("pod") { HelpName = "NAMESPACE/NAME", CustomParser = EventsFlags.Pod };
        var command = new Command("timeline", "tell the story of one pod in order, from its sandbox to its end, with what was not seen meanwhile") { pod, stateDirectory };
        command.SetAction(parsed => Tell(StateDirectory.Events(parsed.GetRequiredValue(stateDirectory)), parsed.GetValue(pod)!.Value, parsed.InvocationConfiguration));
        return command;
    }

    private static int Tell(string directory, (string Namespace, string Name) pod, InvocationConfiguration streams)
    {
        try
        {
            if (!Directory.Exists(directory))
                throw EventLogException.Nowhere(directory);
            var found = EventSearch.Find(directory, [$"\"namespace\":\"{Json(pod.Namespace)}\",\"name\":\"{Json(pod.Name)}\"", .. OfTheNode.Select(static kind => $"\"kind\":\"{kind}\"")])
                .Where(entry => entry.Pod is null ? OfTheNode.Contains(entry.Kind) : (entry.Pod.Namespace, entry.Pod.Name) == pod)
                .OrderBy(static entry => entry.Link.Sequence).ToList();
            int first = found.FindIndex(static entry => entry.Pod is not null);
            if (first < 0)
            {
                streams.Error.WriteLine($"criguard: the log has no event of pod `{pod.Namespace}/{pod.Name}`");
                return ExitCode.Failed;
            }

            new Timeline(streams.Output).Write(found.GetRange(first, found.FindLastIndex(static entry => entry.Pod is not null) - first + 1));
            return ExitCode.Ok;
        }
        catch (EventLogException e)
        {
            streams.Error.WriteLine($"criguard: {e.Message}");
            return ExitCode.Failed;
        }
    }

    // As the log writes it.
    private static string Json(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
