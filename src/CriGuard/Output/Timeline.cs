using CriGuard.Core.Events;
using Spectre.Console;

namespace CriGuard.Output;

/// <summary>Events of one pod as a story: a line each, in order, under the day and under the pod that they are of.</summary>
internal sealed class Timeline(TextWriter writer)
{
    private readonly IAnsiConsole _screen = Screen.Of(writer);

    public void Write(IReadOnlyCollection<EventEntry> events)
    {
        var day = DateOnly.MinValue;
        var uid = "";
        foreach (var entry in events)
        {
            if (entry.Pod is { } pod && pod.Uid != uid)
            {
                _screen.MarkupLine($"[bold]{Markup.Escape(Printable.Of($"{pod}, uid {pod.Uid}"))}[/]");
                (uid, day) = (pod.Uid, DateOnly.MinValue);
            }

            if (DateOnly.FromDateTime(entry.Time.UtcDateTime) is var date && date != day)
                _screen.MarkupLine($"{(day = date):yyyy-MM-dd} UTC");
            if (TimelineSentence.Of(entry) is { } told)
                _screen.MarkupLine($"[{Colour(told.Weight)}]{Markup.Escape(Printable.Of($"  {entry.Time.UtcDateTime:HH:mm:ss.fff}  {Who(entry),-16}  {told.Text}"))}[/]");
        }
    }

    private static string Who(EventEntry entry) => entry switch
    {
        { Pod: null } => "node",
        { ContainerName.Length: > 0 } => entry.ContainerName,
        { ContainerId.Length: > 0 } => Short(entry.ContainerId),
        _ => "pod",
    };

    private static string Colour(Weight weight) => weight switch { Weight.Alarm => "red", Weight.Notice => "yellow", _ => "default" };

    /// <summary>As people know ids from `crictl`.</summary>
    public static string Short(string id) => id.Length > 13 ? id[..13] : id;
}

/// <summary>How much a line matters.</summary>
internal enum Weight
{
    /// <summary>The ordinary course.</summary>
    Ordinary,

    /// <summary>Worth a look.</summary>
    Notice,

    /// <summary>Refused, weaker than asked for, or not seen.</summary>
    Alarm,
}
