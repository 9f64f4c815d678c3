using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Policy;

namespace CriGuard.Core.Events;

/// <summary>A refusal that is on record, and how often it came again since that was last written.</summary>
internal sealed class KnownRefusal(EventRecord recorded)
{
    private readonly EventRecord _said = Shortened(recorded);
    private DateTimeOffset _first;

    public UInt128 Key { get; } = RecordKey.Refusal(recorded);

    public UInt128 Subject { get; } = RecordKey.Subject(recorded);

    public UInt128 Pod { get; } = RecordKey.Pod(recorded);

    /// <summary>False for calls that name no pod.</summary>
    public bool IsOfPod => _said.Pod is not null;

    /// <summary>Repeats that are in no event yet.</summary>
    public long Repeats { get; private set; }

    /// <summary>When it came last.</summary>
    public DateTimeOffset Last { get; private set; } = recorded.Time;

    /// <summary>When an event last told of it.</summary>
    public DateTimeOffset Told { get; private set; } = recorded.Time;

    public void Count(DateTimeOffset time)
    {
        if (Repeats++ == 0)
            _first = time;
        Last = time;
    }

    /// <summary>The event about the repeats; counts anew from here.</summary>
    /// <param name="now">Time of the event.</param>
    /// <param name="variants">Different refusals of the pod; 0 where it is about none.</param>
    public EventRecord Tell(DateTimeOffset now, int variants)
    {
        ImmutableArray<KeyValuePair<string, string>> details =
        [
            new("repeats", Repeats.ToString(CultureInfo.InvariantCulture)),
            new("first", Text(_first)),
            new("last", Text(Last)),
            .. RefusalTally.VariantsDetail(variants),
        ];
        (Repeats, Told) = (0, now);
        return _said with { Time = now, Details = details };
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(EventLine.TimeFormat, CultureInfo.InvariantCulture);

    // Thousands of these are kept: what was decided is on record in full, and here the first refusing finding stands for it.
    private static EventRecord Shortened(EventRecord record) => record with
    {
        Kind = EventKinds.CallRepeated,
        Method = EventText.Bounded(record.Method),
        Pod = record.Pod is { } pod ? new(EventText.Bounded(pod.Namespace), EventText.Bounded(pod.Name), EventText.Bounded(pod.Uid)) : null,
        SandboxId = EventText.Bounded(record.SandboxId),
        ContainerName = EventText.Bounded(record.ContainerName),
        ContainerId = EventText.Bounded(record.ContainerId),
        Verdict = record.Verdict is { } verdict ? verdict with { Findings = [.. verdict.Findings.Where(IsRefusal).Take(1).Select(Shortened)], Changes = [] } : null,
        Duration = null,
        Details = [],
    };

    private static bool IsRefusal(Finding finding) => finding is { Mode: RuleMode.Enforce, Effect: Effect.Refuse };

    private static Finding Shortened(Finding finding) => finding with
    {
        Field = EventText.Bounded(finding.Field),
        Message = EventText.Bounded(finding.Message),
        Remedy = EventText.Bounded(finding.Remedy),
    };
}
