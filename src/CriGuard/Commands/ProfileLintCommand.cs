using System.CommandLine;
using System.Text;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.AppArmor;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;
using CriGuard.Output;

namespace CriGuard.Commands;

/// <summary>`criguard profile lint`: what a profile is worth.</summary>
internal static class ProfileLintCommand
{
    private const string Seccomp = "seccomp";

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "a seccomp profile as runtimes read it, or the text of an AppArmor profile" };
        var output = ProfileCommand.Output();
        var lint = new Command("lint", "say what is wrong with a profile, and which dangerous calls it lets through; ends with 1 where it has errors, denies nothing, or lets a child leave it")
        {
            file, output,
        };
        lint.SetAction(parsed => ProfileCommand.Guarded(parsed.InvocationConfiguration, () =>
        {
            string name = parsed.GetRequiredValue(file);
            var weighed = Weigh(name, File.ReadAllBytes(name));
            if (parsed.GetValue(output) == "json")
                ProfileJson.Write(parsed.InvocationConfiguration.Output, name, weighed);
            else
                Write(weighed, parsed.InvocationConfiguration);
            return weighed.IsSound ? ExitCode.Ok : ExitCode.Failed;
        }));
        return lint;
    }

    // The one is an object of JSON, the other never begins like one.
    private static WeighedProfile Weigh(string file, byte[] content) => content.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8)
        ? WeighSeccomp(file, content)
        : new WeighedProfile("appArmor", [.. AppArmorLint.Check(Encoding.UTF8.GetString(content)).Select(fault => new PolicyError(new Position(file, fault.Line, 1), fault.Message))]);

    private static WeighedProfile WeighSeccomp(string file, byte[] content)
    {
        var reading = SeccompReader.Read(file, content);
        if (reading.Profile is not { } profile)
            return new WeighedProfile(Seccomp, reading.Errors);
        var filter = FilterOfProfile.Of(profile, ProfileCommand.Context(CapabilitySet.Empty));
        var either = profile.Rules.Where(static r => r.IsEither).Select(static r => $"two conditions on one argument of {string.Join(", ", r.Names)}: either is enough");
        return new WeighedProfile(Seccomp, reading.Errors)
        {
            Notes = [.. profile.HasListener ? either.Append("leaves calls to a listener: composed, they are denied") : either],
            Permits = WatchList.Permitted(filter),
            DeniesNothing = WatchList.IsNothing(filter),
        };
    }

    private static void Write(WeighedProfile weighed, InvocationConfiguration streams)
    {
        foreach (var error in weighed.Errors)
            streams.Error.WriteLine(Printable.Of(error.ToString()));
        foreach (string note in weighed.Notes)
            streams.Output.WriteLine(Printable.Of(note));
        if (weighed.Errors.IsEmpty)
            streams.Output.WriteLine(weighed switch
            {
                { DeniesNothing: true } => "denies nothing that a profile is for",
                { Kind: Seccomp, Permits.IsEmpty: true } => "ok: lets none of the watched calls through",
                { Kind: Seccomp } => $"lets through: {string.Join(", ", weighed.Permits)}",
                _ => "ok: no rule lets a child leave the profile",
            });
    }
}
