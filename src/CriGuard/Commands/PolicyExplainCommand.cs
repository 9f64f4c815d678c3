using System.CommandLine;
using CriGuard.Output;

namespace CriGuard.Commands;

/// <summary>`criguard policy explain`: what a policy makes of Kubernetes manifests, before they are on a node.</summary>
internal static class PolicyExplainCommand
{
    /// <param name="input">What `-f -` reads.</param>
    /// <param name="time">Exceptions expire.</param>
    public static Command Create(Func<Stream> input, TimeProvider time)
    {
        var flags = new ExplainFlags();
        var command = new Command(
            "explain",
            "say what a policy makes of the pods of Kubernetes manifests, and which field to change; needs no node; "
            + "ends with 0 where all are permitted, with 1 where one is refused, with 2 where that cannot be said");
        flags.AddTo(command);
        command.SetAction(parsed => ManifestRun.Run(() => flags.Query(parsed), input, time.GetUtcNow(), parsed.InvocationConfiguration, (explanation, query) =>
        {
            if (query.Json)
                ExplanationJson.Write(explanation, parsed.InvocationConfiguration.Output);
            else
                ExplanationText.Write(explanation, parsed.InvocationConfiguration.Output);
            return explanation.IsRefusal ? ExitCode.Failed : ExitCode.Ok;
        }));
        return command;
    }
}
