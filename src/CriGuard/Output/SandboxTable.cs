using System.Globalization;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Sandboxes;

namespace CriGuard.Output;

/// <summary>What isolates the pods of a node, for people: a line each, then the totals.</summary>
internal static class SandboxTable
{
    private const double Megabyte = 1024 * 1024;

    private static readonly string[] Head = ["POD", "REQUESTED", "HANDLER", "DECIDED", "RULE", "RUNS UNDER", "PLATFORM", "RSS MB", "PSS MB", ""];

    public static void Write(TextWriter output, IReadOnlyList<RunningSandbox> sandboxes)
    {
        List<string[]> rows = [Head, .. sandboxes.Select(Row)];
        var widths = Head.Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        foreach (var level in sandboxes.GroupBy(static s => s.Runtime.Level).OrderBy(static g => g.Key))
            output.WriteLine($"{Level(level.Key)}: {level.Count()} {(level.Count() == 1 ? "pod" : "pods")}, {Memory(Total(level))}");
        output.WriteLine($"{sandboxes.Count} {(sandboxes.Count == 1 ? "pod" : "pods")}, {Memory(Total(sandboxes))} of the runtimes' own processes");
    }

    public static ProcessMemory Total(IEnumerable<RunningSandbox> sandboxes) => sandboxes.Aggregate(default(ProcessMemory), static (all, one) => all + one.Memory);

    /// <summary>For people and programs alike.</summary>
    public static string Level(IsolationLevel? level) => level?.Word() ?? "unknown";

    private static string[] Row(RunningSandbox sandbox) =>
    [
        Printable.Of(sandbox.Pod.ToString()),
        sandbox.Decision is { } decision ? Named(decision.Requested, "(default)") : "?",
        Named(Printable.Of(sandbox.Handler), "(default)"),
        sandbox.Decision is { } known ? Level(known.Level) : "?",
        Named(sandbox.Decision?.Rule ?? "", "-"),
        sandbox.Runtime.Level is null ? "unknown" : $"{Level(sandbox.Runtime.Level)} ({Printable.Of(sandbox.Runtime.Name)})",
        // runsc hands its sentry only flags that differ from its defaults.
        Named(Printable.Of(sandbox.Runtime.Platform), sandbox.Runtime.Level == IsolationLevel.Gvisor ? "(default)" : "-"),
        Number(sandbox.Memory.Resident),
        Number(sandbox.Memory.Proportional),
        sandbox.IsWeaker ? "WEAKER THAN DECIDED" : "",
    ];

    private static string Named(string text, string otherwise) => text.Length == 0 ? otherwise : text;

    private static string Memory(ProcessMemory memory) => $"{Number(memory.Resident)} MB resident, {Number(memory.Proportional)} MB proportional";

    private static string Number(long bytes) => (bytes / Megabyte).ToString("0.0", CultureInfo.InvariantCulture);
}
