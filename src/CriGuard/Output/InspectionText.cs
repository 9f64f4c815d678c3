using CriGuard.Core.Enforcement;
using CriGuard.Core.Events;
using CriGuard.Inspection;
using Spectre.Console;

namespace CriGuard.Output;

/// <summary>What is enforced on containers, for people: a table a container, or a line each; what differs is marked.</summary>
internal static class InspectionText
{
    private const int Id = 12;
    private const int Widest = 40;

    /// <summary>Row by row.</summary>
    public static void WriteTables(TextWriter output, IReadOnlyCollection<InspectedContainer> containers)
    {
        var screen = Screen.Of(output);
        foreach (var container in containers)
        {
            Line(screen, $"container `{container.Name}` of {Pod(container)} (id {Short(container.Id)}, {Handler(container)}, {Running(container)})");
            Line(screen, Decision(container));
            if (container.Problem.Length > 0)
                Line(screen, $"cannot tell: {container.Problem}", "red");
            if (container.NotApplied.Length > 0)
                Line(screen, container.NotApplied, "yellow");
            if (!container.Rows.IsEmpty)
                WriteRows(screen, container);
            screen.WriteLine();
        }
    }

    /// <summary>A line a container, and how many fare how.</summary>
    public static void WriteLines(TextWriter output, IReadOnlyCollection<InspectedContainer> containers)
    {
        var screen = Screen.Of(output);
        foreach (var container in containers)
        {
            var line = $"{Word(container.Outcome),-10}  {Pod(container)} {container.Name}  {Short(container.Id)}  {Handler(container)}  {Said(container)}";
            Line(screen, line.TrimEnd(), Style(container.Outcome));
        }

        Line(screen, $"{containers.Count} container{(containers.Count == 1 ? "" : "s")}: " + string.Join(
            ", ", Enum.GetValues<InspectionOutcome>().Select(outcome => $"{containers.Count(c => c.Outcome == outcome)} {Word(outcome)}")));
    }

    /// <summary>As text and JSON have it.</summary>
    public static string Word(InspectionOutcome outcome) => outcome switch
    {
        InspectionOutcome.Differs => "differs",
        InspectionOutcome.NotJudged => "not judged",
        InspectionOutcome.Unknown => "unknown",
        InspectionOutcome.Isolated => "isolated",
        _ => "same",
    };

    private static void WriteRows(IAnsiConsole screen, InspectedContainer container)
    {
        var head = new InspectedRow(default, "", "ASKED", "DECIDED", "SPEC", "KERNEL");
        int[] widths = [.. ((Func<InspectedRow, string>[])[static r => r.Name, static r => r.Asked, static r => r.Decided, static r => r.Spec])
            .Select(column => Math.Min(Widest, container.Rows.Append(head).Max(row => column(row).Length)))];
        Line(screen, Row(" ", head, widths), "bold");
        foreach (var aspect in container.Rows.GroupBy(static r => r.Aspect))
        {
            List<string> differences = [.. Differences(container, aspect.Key)];
            foreach (var row in aspect)
            {
                var marked = differences.Exists(difference => aspect.Count() == 1 || Names(difference, row));
                Line(screen, Row(marked ? "!" : " ", row, widths), marked ? "red" : "default");
            }

            foreach (var difference in differences)
                Line(screen, $"!   {difference}", "red");
        }
    }

    /// <summary>Whether a difference is about this one of several rows: the mount of a place, a capability set.</summary>
    private static bool Names(string difference, InspectedRow row) => difference.Split([' ', '`', '(', ')', ','], StringSplitOptions.None).Contains(row.Name.Split(' ')[^1]);

    private static string Row(string mark, InspectedRow row, int[] widths) =>
        $"{mark} {Cell(row.Name, widths[0])}  {Cell(row.Asked, widths[1])}  {Cell(row.Decided, widths[2])}  {Cell(row.Spec, widths[3])}  {row.Kernel}".TrimEnd();

    // The whole of it is in the JSON.
    private static string Cell(string text, int width) => text.Length <= width ? text.PadRight(width) : string.Concat(text.AsSpan(0, width - 1), "…");

    private static IEnumerable<string> Differences(InspectedContainer container, Aspect aspect) =>
        Differences(container).Where(d => d.Aspect == aspect).Select(static d => d.Text);

    private static IEnumerable<(Aspect Aspect, string Text)> Differences(InspectedContainer container) =>
    [
        .. container.OfSpec.Select(static d => (d.Aspect, $"its spec has {d.Text}")),
        .. container.OfProcess.Select(static d => (d.Aspect, $"it runs with {d.Text}")),
        .. container.Entered.SelectMany(static e => e.Drift.Select(d => (d.Aspect, $"somebody entered it: pid {e.Process.Pid} (`{e.Process.Executable}`) runs with {d.Text}"))),
    ];

    private static string Decision(InspectedContainer container) => container.Unlisted is not null
        ? $"not judged: {AroundTheCri(container)}"
        : container.Decision is not { } decision
        ? "not judged: this node's log does not have its creation"
        : $"judged at {Time(decision)}: {(decision.Verdict.Length > 0 ? decision.Verdict : "not told")} under policy {decision.Revision}, {decision.Changes.Length} change{(decision.Changes.Length == 1 ? "" : "s")}";

    private static string Time(EventEntry entry) => $"{entry.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}";

    private static string Said(InspectedContainer container)
    {
        IEnumerable<string> said = Differences(container).Select(static d => d.Text);
        return string.Join("; ", said.Concat(((string[])[AroundTheCri(container), container.NotApplied, container.Problem]).Where(static text => text.Length > 0)));
    }

    private static string AroundTheCri(InspectedContainer container) =>
        container.Unlisted is { } unlisted ? $"no list of the CRI has it: it was made through the runtime's own interface, in its namespace `{unlisted.Namespace}`" : "";

    private static string Pod(InspectedContainer container) => container.Pod.Name.Length > 0 ? container.Pod.ToString() : "no pod";

    private static string Handler(InspectedContainer container) => container.Unlisted is null ? ExplanationText.Handler(container.Handler) : "no handler";

    private static string Running(InspectedContainer container) => container.Process is { } process ? $"running as pid {process.Pid}" : container.State;

    private static string Short(string id) => id.Length <= Id ? id : id[..Id];

    private static string Style(InspectionOutcome outcome) => outcome switch
    {
        InspectionOutcome.Differs or InspectionOutcome.NotJudged => "red",
        InspectionOutcome.Unknown or InspectionOutcome.Isolated => "yellow",
        _ => "default",
    };

    private static void Line(IAnsiConsole screen, string text, string style = "default") =>
        screen.MarkupLine($"[{style}]{Markup.Escape(Printable.Of(text))}[/]");
}
