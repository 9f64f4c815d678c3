using System.Globalization;

namespace CriGuard.Fuzz;

/// <summary>What the command line asks for. <paramref name="Input"/> is the one input to replay, or null.</summary>
internal sealed record Options(IReadOnlyList<Target> Targets, long Runs, int Seed, byte[]? Input)
{
    public const string Usage = "usage: fuzz TARGET|--all [--runs N] [--seed S] [--input FILE.hex]";

    public static bool TryParse(string[] args, out Options options, out string complaint)
    {
        options = new Options([], 100_000, 1, null);
        complaint = "";
        for (var i = 0; i < args.Length && complaint.Length == 0; i++)
        {
            if (args[i] is "--runs" or "--seed" or "--input")
                options = WithValue(options, args[i], i + 1 < args.Length ? args[++i] : "", out complaint);
            else
                options = WithTarget(options, args[i], out complaint);
        }

        if (complaint.Length == 0 && options.Targets.Count == 0)
            complaint = $"no target given: name one of {Names()}, or --all";
        return complaint.Length == 0;
    }

    private static Options WithTarget(Options options, string name, out string complaint)
    {
        complaint = "";
        if (name is "--all")
            return options with { Targets = Target.All };
        var target = Target.All.FirstOrDefault(target => target.Name == name);
        if (target is not null)
            return options with { Targets = [.. options.Targets, target] };
        complaint = $"no target `{name}`: there are {Names()}";
        return options;
    }

    private static Options WithValue(Options options, string name, string value, out string complaint)
    {
        complaint = "";
        if (name is "--runs" && long.TryParse(value, NumberStyles.None, null, out var runs))
            return options with { Runs = runs };
        if (name is "--seed" && int.TryParse(value, NumberStyles.AllowLeadingSign, null, out var seed))
            return options with { Seed = seed };
        if (name is "--input" && File.Exists(value))
            return options with { Input = Convert.FromHexString(File.ReadAllText(value).Trim()) };
        complaint = $"{name} does not take `{value}`: give {(name is "--input" ? "a file that a crash left" : "a number")}";
        return options;
    }

    private static string Names() => string.Join(", ", Target.All.Select(target => target.Name));
}
