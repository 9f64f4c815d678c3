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
    private const string Refused = "refused";

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
        command.SetAction(parsed => ManifestRun.Run(() => flags.Query(parsed), input, time.GetUtcNow(), parsed.InvocationConfiguration, (explanation, query) =>
            parsed.GetValue(container) is { } name
                ? Print(explanation, name, parsed.InvocationConfiguration)
                : List(explanation, query.Json, parsed.InvocationConfiguration.Output)));
        return command;
    }

    private static int List(Explanation explanation, bool asJson, TextWriter output)
    {
        var profiles = explanation.Pods.SelectMany(static pod => pod.Calls.Where(static call => call.Container is not null).Select(call => Read(pod.Name, call)));
        if (asJson)
            ProfileJson.Write(output, profiles);
        else
            foreach (var profile in profiles)
                output.WriteLine(Printable.Of($"container `{profile.Container}` of pod `{profile.Pod}`: {Said(profile)}"));
        return explanation.IsRefusal ? ExitCode.Failed : ExitCode.Ok;
    }

    private static int Print(Explanation explanation, string name, InvocationConfiguration streams)
    {
        if (explanation.Pods.SelectMany(static pod => pod.Calls.Select(call => (pod, call))).FirstOrDefault(found => found.call.Container is not null && NameOf(found.call) == name) is not ({ } pod, { } call))
            streams.Error.WriteLine($"criguard: no container of the manifests is called `{Printable.Of(name)}`");
        else if (Composed(call) is not { } composed)
            streams.Error.WriteLine(Printable.Of($"criguard: container `{name}`: {Said(Read(pod.Name, call))}"));
        else
        {
            streams.Output.Write(Encoding.UTF8.GetString(composed.Json.AsSpan()));
            return ExitCode.Ok;
        }

        return ExitCode.Failed;
    }

    private static string Said(ComposedProfile profile) => profile switch
    {
        { Outcome: Refused } => "is refused: `criguard policy explain` says why",
        { File: "", Given: "" } => "nothing is composed: no rule gives it a base",
        { File: "" } => $"nothing is composed: it is given {profile.Given}",
        _ => $"{profile.File}, {profile.Calls} calls; of those watched it lets through {(profile.Permits.IsEmpty ? "none" : string.Join(", ", profile.Permits))}"
            + (profile.TooFine.IsEmpty ? "" : $"; denied because their conditions do not fit: {string.Join(", ", profile.TooFine)}"),
    };

    private static ComposedProfile Read(string pod, ExplainedCall call)
    {
        if (call.Verdict.IsRefusal)
            return new ComposedProfile(pod, NameOf(call), Refused);
        if (Composed(call) is not { } composed)
            return new ComposedProfile(pod, NameOf(call), "none") { Given = call.Verdict.Changes.Select(static change => change.Edit).OfType<Edit.Seccomp>().FirstOrDefault()?.Profile.ToString() ?? "" };
        var profile = SeccompReader.Read(composed.FileName, composed.Json.ToArray()).Profile!;
        return new ComposedProfile(pod, NameOf(call), "composed")
        {
            File = composed.FileName,
            Calls = profile.Rules.SelectMany(static rule => rule.Names).Distinct(StringComparer.Ordinal).Count(),
            Permits = WatchList.Permitted(FilterOfProfile.Of(profile, new ProfileContext(CapabilitySet.Empty, CallArchitecture.X64, Environment.OSVersion.Version))),
            TooFine = composed.TooFine,
        };
    }

    private static ComposedSeccomp? Composed(ExplainedCall call) => call.Verdict.IsRefusal
        ? null
        : call.Verdict.Changes.Select(static change => change.Edit).OfType<Edit.Seccomp>().FirstOrDefault()?.File;

    private static string NameOf(ExplainedCall call) => call.Container!.Request.Config.Metadata.Name;
}
