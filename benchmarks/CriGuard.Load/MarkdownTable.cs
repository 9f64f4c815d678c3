using System.Globalization;

namespace CriGuard.Load;

/// <summary>A table that reads well in a terminal and in the README.</summary>
internal sealed class MarkdownTable
{
    private readonly List<string[]> rows = [];

    public MarkdownTable(params string[] columns) => rows.Add(columns);

    /// <summary>Adds a row of texts and numbers; numbers stand at the right.</summary>
    public void Add(params object?[] cells) => rows.Add([.. cells.Select(cell => cell switch
    {
        null => "",
        double number => number.ToString(Format(number), CultureInfo.InvariantCulture),
        _ => cell.ToString()!,
    })]);

    public void Write(TextWriter output)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        output.WriteLine(Line(rows[0], widths));
        output.WriteLine(Line([.. widths.Select(width => new string('-', width))], widths));
        foreach (var row in rows.Skip(1))
            output.WriteLine(Line(row, widths));
        output.WriteLine();
    }

    private static string Line(string[] cells, int[] widths) =>
        $"| {string.Join(" | ", cells.Select((cell, column) => IsNumber(cell) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])))} |";

    private static bool IsNumber(string cell) => cell.Length > 0 && char.IsAsciiDigit(cell[0]);

    // Three figures say what a run can tell.
    private static string Format(double number) => Math.Abs(number) switch
    {
        < 10 => "F2",
        < 100 => "F1",
        _ => "F0",
    };
}
