using System.CommandLine;
using System.Text;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.AppArmor;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;
using CriGuard.Output;
using CriGuard.Store.Profiles;

namespace CriGuard.Commands;

/// <summary>`criguard profile`: what seccomp profiles allow, for whoever has to answer for it.</summary>
internal static class ProfileCommand
{
    private static readonly Version AnyKernel = new(6, 1);

    public static Command Create()
    {
        var command = new Command("profile", "show the seccomp bases, compose, weigh a profile, compare two of them, print rules for modprobe") { List(), Show(), ProfileComposeCommand.Create(Console.OpenStandardInput, TimeProvider.System), ProfileModprobeCommand.Create() };
        var file = new Argument<string>("FILE") { Description = "a seccomp profile as runtimes read it, or the text of an AppArmor profile" };
        var lint = new Command("lint", "say what is wrong with a profile, and which dangerous calls it lets through; ends with 1 where it has errors, denies nothing, or lets a child leave it") { file };
        lint.SetAction(parsed => Guarded(parsed.InvocationConfiguration, () => Lint(parsed.GetRequiredValue(file), parsed.InvocationConfiguration)));
        var (one, other) = (Profile("A"), Profile("B"));
        var diff = new Command("diff", "list the calls that one of two profiles treats otherwise; ends with 1 where there is one") { one, other };
        diff.SetAction(parsed => Guarded(parsed.InvocationConfiguration, () => Diff(parsed.GetRequiredValue(one), parsed.GetRequiredValue(other), parsed.InvocationConfiguration.Output)));
        command.Add(lint);
        command.Add(diff);
        return command;
    }

    private static Argument<string> Profile(string name) => new(name) { Description = "name of a base, or a file" };

    private static Command List()
    {
        var list = new Command("list", "list the bases");
        list.SetAction(static parsed =>
        {
            foreach (var (name, found) in ShippedProfiles.Seccomp.Bases)
                parsed.InvocationConfiguration.Output.WriteLine($"{name,-11} {found.About}");
        });
        return list;
    }

    private static Command Show()
    {
        var name = new Argument<string>("NAME") { Description = "name of a base" };
        name.AcceptOnlyFromAmong([.. ShippedProfiles.SeccompNames]);
        var capabilities = new Option<string[]>("--capability") { HelpName = "NAME", Description = "with -o json: held by the container; may be given more than once" };
        var output = new Option<string>("-o", "--output") { HelpName = "yaml|json", Description = "the base with its reasons, or the profile that a container is given", DefaultValueFactory = static _ => "yaml" };
        output.AcceptOnlyFromAmong("yaml", "json");
        var show = new Command("show", "print a base") { name, capabilities, output };
        show.SetAction(parsed =>
        {
            var held = CapabilitySet.Of(parsed.GetValue(capabilities) ?? []);
            var flat = FlatProfile.Of(ShippedProfiles.Seccomp[parsed.GetRequiredValue(name)].Resolve(Context(held)), CallArchitecture.X64);
            parsed.InvocationConfiguration.Output.Write(
                parsed.GetValue(output) == "json" ? Encoding.UTF8.GetString(SeccompWriter.Write(flat.Profile).AsSpan()) : ShippedProfiles.SeccompText(parsed.GetRequiredValue(name)));
        });
        return show;
    }

    private static int Lint(string file, InvocationConfiguration streams)
    {
        var content = File.ReadAllBytes(file);
        // The one is an object of JSON, the other never begins like one.
        return content.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? LintSeccomp(file, content, streams) : LintAppArmor(file, Encoding.UTF8.GetString(content), streams);
    }

    private static int LintAppArmor(string file, string text, InvocationConfiguration streams)
    {
        var faults = AppArmorLint.Check(text);
        foreach (var fault in faults)
            streams.Error.WriteLine(Printable.Of($"{file}:{fault.Line}: {fault.Message}"));
        if (faults.IsEmpty)
            streams.Output.WriteLine("ok: no rule lets a child leave the profile");
        return faults.IsEmpty ? ExitCode.Ok : ExitCode.Failed;
    }

    private static int LintSeccomp(string file, byte[] content, InvocationConfiguration streams)
    {
        var reading = SeccompReader.Read(file, content);
        foreach (var error in reading.Errors)
            streams.Error.WriteLine(Printable.Of(error.ToString()));
        if (reading.Profile is not { } profile)
            return ExitCode.Failed;
        var filter = FilterOfProfile.Of(profile, Context(CapabilitySet.Empty));
        var permitted = WatchList.Permitted(filter);
        foreach (var rule in profile.Rules.Where(static r => r.IsEither))
            streams.Output.WriteLine($"two conditions on one argument of {string.Join(", ", rule.Names)}: either is enough");
        if (profile.HasListener)
            streams.Output.WriteLine("leaves calls to a listener: composed, they are denied");
        streams.Output.WriteLine(WatchList.IsNothing(filter) ? "denies nothing that a profile is for" : permitted.IsEmpty ? "ok: lets none of the watched calls through" : $"lets through: {string.Join(", ", permitted)}");
        return WatchList.IsNothing(filter) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static int Diff(string one, string other, TextWriter output)
    {
        var (a, b) = (Read(one), Read(other));
        var different = 0;
        foreach (string call in SystemCalls.All.Select(static c => c.Name))
        {
            var (first, second) = (a.Summary(call), b.Summary(call));
            if (first == second)
                continue;
            different++;
            output.WriteLine($"{call,-24} {first,-28} {second}");
        }

        return different == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <exception cref="IOException">It is neither, or it has errors.</exception>
    private static Filter Read(string name)
    {
        if (ShippedProfiles.Seccomp.Bases.TryGetValue(name, out var found))
            return found.Resolve(Context(CapabilitySet.Empty));
        var reading = SeccompReader.Read(name, File.ReadAllBytes(name));
        return reading.Profile is { } profile ? FilterOfProfile.Of(profile, Context(CapabilitySet.Empty)) : throw new IOException(string.Join("; ", reading.Errors));
    }

    private static ProfileContext Context(CapabilitySet held) => new(held, CallArchitecture.X64, AnyKernel);

    private static int Guarded(InvocationConfiguration streams, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            streams.Error.WriteLine($"criguard: {Printable.Of(e.Message)}");
            return ExitCode.CannotJudge;
        }
    }
}
