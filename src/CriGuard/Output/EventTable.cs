using System.Text;
using CriGuard.Core.Events;
using Spectre.Console;

namespace CriGuard.Output;

/// <summary>Writes events for people, a line each as they come: a table that is followed has no end to measure its columns by.</summary>
internal sealed class EventTable(TextWriter writer)
{
    private readonly IAnsiConsole _screen = Screen.Of(writer);
    private bool _begun;

    public void Write(EventEntry entry)
    {
        if (!_begun)
            Write(new EventRow("TIME", "VERDICT", "EVENT", "POD", "WHAT"), "bold");
        _begun = true;
        var row = EventRow.Of(entry);
        Write(row, row.Verdict == EventVerdicts.Refuse ? "red" : "default");
    }

    private void Write(EventRow row, string verdictStyle)
    {
        var line = new StringBuilder();
        line.Append(Markup.Escape($"{row.Time,-20}  "));
        line.Append($"[{verdictStyle}]{Markup.Escape($"{row.Verdict,-7}")}[/]  ");
        line.Append(Markup.Escape($"{row.Event,-16}  {row.Subject,-28}  {row.Text}".TrimEnd()));
        _screen.MarkupLine(line.ToString());
    }
}
