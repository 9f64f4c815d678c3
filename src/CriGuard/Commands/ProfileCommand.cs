using System.CommandLine;
using System.Text;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;
using CriGuard.Output;
using CriGuard.Store.Profiles;

namespace CriGuard.Commands;

/// <summary>`criguard profile`: what seccomp profiles allow, for whoever has to answer for it.</summary>
internal static class ProfileCommand
{
    private static readonly Version AnyKernel = new(6, 1);

    public static Command Create() => new("profile", "show the seccomp bases, compose, weigh a profile, compare two of them, print rules for modprobe")
    {
        List(), Show(), ProfileComposeCommand.Create(Console.OpenStandardInput, TimeProvider.System), ProfileLintCommand.Create(), ProfileDiffCommand.Create(), ProfileModprobeCommand.Create(),
    };

    /// <summary>For whom a profile is weighed: any machine and kernel that we know.</summary>
    public static ProfileContext Context(CapabilitySet held) => new(held, CallArchitecture.X64, AnyKernel);

    /// <summary>`-o text|json`.</summary>
    public static Option<string> Output()
    {
        var output = new Option<string>("-o", "--output") { HelpName = "text|json", Description = "for people or for programs", DefaultValueFactory = static _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        return output;
    }

    /// <summary>Runs it; what cannot be read ends it with 2.</summary>
    public static int Guarded(InvocationConfiguration streams, Func<int> run)
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

    private static Command List()
    {
        var output = Output();
        var list = new Command("list", "list the bases") { output };
        list.SetAction(parsed =>
        {
            var (streams, bases) = (parsed.InvocationConfiguration, ShippedProfiles.Seccomp.Bases);
            if (parsed.GetValue(output) == "json")
                ProfileJson.WriteBases(streams.Output, bases.Values);
            else
                foreach (var (name, found) in bases)
                    streams.Output.WriteLine($"{name,-11} {found.About}");
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
}
