using CriGuard.TestBed;
using Spectre.Console;

namespace CriGuard.Demo;

/// <summary>What the demo prints.</summary>
internal static class Screen
{
    // A log that is no terminal would be cut to 80 columns.
    private const int Width = 150;

    public static Table NewTable()
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, Width);
        AnsiConsole.Profile.Capabilities.Ansi &= !Console.IsOutputRedirected;
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Capabilities.Ansi = false;
        return new Table().Border(TableBorder.Rounded).ShowRowSeparators().AddColumns("asked", "decided", "what the kernel says", "");
    }

    /// <returns>Whether all that must hold does.</returns>
    public static bool Add(Table table, Row row, Evidence evidence)
    {
        var broken = row.Musts.Where(must => !must.Holds(evidence)).Select(must => must.Claim).ToList();
        var mark = broken.Count == 0 ? "[green]as it must be[/]" : $"[red]not so: {Markup.Escape(string.Join(", ", broken))}[/]";
        table.AddRow(
            new Text(row.Asked),
            new Text(evidence.Refusal is null ? evidence.Decision : $"{evidence.Decision}: {evidence.Refusal}"),
            new Text(Seen(evidence)),
            new Markup(mark));
        return broken.Count == 0;
    }

    public static void Show(Table table) => AnsiConsole.Write(table);

    /// <summary>Runs a command of CriGuard on the state of the demo, as a person would.</summary>
    /// <returns>Whether it succeeded.</returns>
    public static async Task<bool> ShowAsync(GuardProcess guard, params string[] arguments)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLine($"[bold]$ criguard {Markup.Escape(string.Join(' ', arguments))}[/]");
        var command = await guard.CommandAsync(arguments);
        Console.Out.Write(command.Output);
        Console.Error.Write(command.Errors);
        return command.ExitCode == 0;
    }

    private static string Seen(Evidence evidence)
    {
        if (evidence.Process is not { } process)
            return evidence.Remains == 0 ? "no process: the runtime has no such pod" : $"the runtime has {evidence.Remains} pods";

        // Under gVisor the host's kernel sees the sentry, which runs the workload's system calls.
        var subject = process.CommandLine.StartsWith("runsc", StringComparison.Ordinal) ? "of gVisor's sentry: " : "";
        var lines = new List<string>
        {
            $"{subject}Seccomp {process.Seccomp}, filters {process.SeccompFilters}, NoNewPrivs {(process.NoNewPrivileges ? 1 : 0)}",
            $"CapEff {process.Effective:x16}",
        };
        if (evidence.Handler.Length > 0)
            lines.Add($"handler {evidence.Handler}");
        if (evidence.KernelLog.Length > 0)
            lines.Add($"dmesg inside: {evidence.KernelLog}");
        return string.Join('\n', lines);
    }
}
