using System.Collections.Immutable;
using System.CommandLine;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;
using CriGuard.Output;
using CriGuard.Store.Profiles;

namespace CriGuard.Commands;

/// <summary>`criguard profile diff`: two profiles, call by call.</summary>
internal static class ProfileDiffCommand
{
    public static Command Create()
    {
        var (one, other, output) = (Profile("A"), Profile("B"), ProfileCommand.Output());
        var diff = new Command("diff", "list the calls that one of two profiles treats otherwise; ends with 1 where there is one") { one, other, output };
        diff.SetAction(parsed => ProfileCommand.Guarded(parsed.InvocationConfiguration, () =>
        {
            var (calls, text) = (Different(Read(parsed.GetRequiredValue(one)), Read(parsed.GetRequiredValue(other))), parsed.InvocationConfiguration.Output);
            if (parsed.GetValue(output) == "json")
                ProfileJson.Write(text, calls);
            else
                foreach (var call in calls)
                    text.WriteLine($"{call.Call,-24} {call.One,-28} {call.Other}");
            return calls.IsEmpty ? ExitCode.Ok : ExitCode.Failed;
        }));
        return diff;
    }

    private static Argument<string> Profile(string name) => new(name) { Description = "name of a base, or a file" };

    private static ImmutableArray<DifferentCall> Different(Filter one, Filter other) =>
        [.. SystemCalls.All.Select(call => new DifferentCall(call.Name, one.Summary(call.Name), other.Summary(call.Name))).Where(static call => call.One != call.Other)];

    /// <exception cref="IOException">It is neither, or it has errors.</exception>
    private static Filter Read(string name)
    {
        if (ShippedProfiles.Seccomp.Bases.TryGetValue(name, out var found))
            return found.Resolve(ProfileCommand.Context(CapabilitySet.Empty));
        var reading = SeccompReader.Read(name, File.ReadAllBytes(name));
        return reading.Profile is { } profile ? FilterOfProfile.Of(profile, ProfileCommand.Context(CapabilitySet.Empty)) : throw new IOException(string.Join("; ", reading.Errors));
    }
}
