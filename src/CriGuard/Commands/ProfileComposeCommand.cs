using System.CommandLine;
using System.Text;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;
using CriGuard.Manifests;
using CriGuard.Output;

namespace CriGuard.Commands;

/// <summary>`criguard profile compose`: the seccomp profiles that the containers of a manifest would be given.</summary>
internal static class ProfileComposeCommand
{
    /// <param name="input">What `-f -` reads.</param>
    /// <param name="time">Exceptions expire.</param>
    public static Command Create(Func<Stream> input, TimeProvider time)
    {
        var flags = new ExplainFlags();
        var container = new Option<string?>("--container") { HelpName = "NAME", Description = "print the profile of the container of this name, as runtimes read it" };
        var command = new Command(
            "compose",
            "say which seccomp profile a policy composes for each container of Kubernetes manifests; needs no node; ends with 1 where a pod is refused or there is no such container")
        {
            container,
        };
        flags.AddTo(command);
        command.SetAction(parsed => ManifestRun.Run(() => flags.Query(parsed), input, time.GetUtcNow(), parsed.InvocationConfiguration, (explanation, _) =>
            parsed.GetValue(container) is { } name
                ? Print(explanation, name, parsed.InvocationConfiguration)
                : List(explanation, parsed.InvocationConfiguration.Output)));
        return command;
    }

    private static int List(Explanation explanation, TextWriter output)
    {
        foreach (var pod in explanation.Pods)
        {
            foreach (var call in pod.Calls.Where(static call => call.Container is not null))
                output.WriteLine(Printable.Of($"container `{NameOf(call)}` of pod `{pod.Name}`: {Said(call)}"));
        }

        return explanation.IsRefusal ? ExitCode.Failed : ExitCode.Ok;
    }

    private static int Print(Explanation explanation, string name, InvocationConfiguration streams)
    {
        if (explanation.Pods.SelectMany(static pod => pod.Calls).FirstOrDefault(call => call.Container is not null && NameOf(call) == name) is not { } call)
            streams.Error.WriteLine($"criguard: no container of the manifests is called `{Printable.Of(name)}`");
        else if (Composed(call) is not { } composed)
            streams.Error.WriteLine(Printable.Of($"criguard: container `{name}`: {Said(call)}"));
        else
        {
            streams.Output.Write(Encoding.UTF8.GetString(composed.Json.AsSpan()));
            return ExitCode.Ok;
        }

        return ExitCode.Failed;
    }

    private static string Said(ExplainedCall call)
    {
        if (call.Verdict.IsRefusal)
            return "is refused: `criguard policy explain` says why";
        if (Composed(call) is not { } composed)
            return $"nothing is composed: {call.Verdict.Changes.Select(static change => change.Edit).OfType<Edit.Seccomp>().Select(static edit => $"it is given {edit.Profile}").FirstOrDefault("no rule gives it a base")}";
        var profile = SeccompReader.Read(composed.FileName, composed.Json.ToArray()).Profile!;
        var permitted = WatchList.Permitted(FilterOfProfile.Of(profile, new ProfileContext(CapabilitySet.Empty, CallArchitecture.X64, Environment.OSVersion.Version)));
        var dropped = composed.TooFine.IsEmpty ? "" : $"; denied because their conditions do not fit: {string.Join(", ", composed.TooFine)}";
        return $"{composed.FileName}, {profile.Rules.SelectMany(static rule => rule.Names).Distinct(StringComparer.Ordinal).Count()} calls; of those watched it lets through {(permitted.IsEmpty ? "none" : string.Join(", ", permitted))}{dropped}";
    }

    private static ComposedSeccomp? Composed(ExplainedCall call) => call.Verdict.IsRefusal
        ? null
        : call.Verdict.Changes.Select(static change => change.Edit).OfType<Edit.Seccomp>().FirstOrDefault()?.File;

    private static string NameOf(ExplainedCall call) => call.Container!.Request.Config.Metadata.Name;
}
