using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CriGuard.Core.Events;

/// <summary>How a command ended, as far as two that ended alike are one pattern: messages name times and ids.</summary>
/// <param name="Code">gRPC status code.</param>
/// <param name="ExitCode">Of the command; empty where the runtime did not tell.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProbeOutcome(int Code, string ExitCode)
{
    public static ProbeOutcome Of(EventRecord answered) =>
        new(answered.Answer?.Code ?? 0, answered.Details.FirstOrDefault(static d => d.Key == ProbeTally.ExitCodeDetail).Value ?? "");
}

/// <summary>A command that is on record whole, decision and answer, and how often it came again since that was last written.</summary>
internal sealed class KnownProbe(UInt128 key, EventRecord answered)
{
    private readonly EventRecord _said = answered with { Kind = EventKinds.CallRepeated, Duration = null, Details = [] };
    private DateTimeOffset _first;
    private int _changes;

    public UInt128 Key => key;

    public ProbeOutcome Outcome { get; private set; } = ProbeOutcome.Of(answered);

    /// <summary>Repeats that are in no event yet.</summary>
    public long Repeats { get; private set; }

    public DateTimeOffset Last { get; private set; } = answered.Time;

    /// <summary>When an event last told of it.</summary>
    public DateTimeOffset Told { get; private set; } = answered.Time;

    public void Count(DateTimeOffset time)
    {
        if (Repeats++ == 0)
            _first = time;
        Last = time;
    }

    /// <summary>False once the outcome has changed so often in this period that changes are only counted.</summary>
    public bool MayChange => _changes < ProbeTally.MaxChanges;

    public void Change(ProbeOutcome outcome) => (Outcome, _changes) = (outcome, _changes + 1);

    /// <summary>The event about the repeats; counts anew from here.</summary>
    public EventRecord Tell(DateTimeOffset now)
    {
        var details = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        details.Add(new("repeats", Repeats.ToString(CultureInfo.InvariantCulture)));
        details.Add(new("first", Text(_first)));
        details.Add(new("last", Text(Last)));
        if (Outcome.ExitCode.Length > 0)
            details.Add(new(ProbeTally.ExitCodeDetail, Outcome.ExitCode));
        if (_changes > ProbeTally.MaxChanges)
            details.Add(new("changesNotTold", (_changes - ProbeTally.MaxChanges).ToString(CultureInfo.InvariantCulture)));
        Repeats = 0;
        return _said with { Time = now, Answer = new RuntimeAnswer(Outcome.Code, ""), Details = details.ToImmutable() };
    }

    /// <summary>A period is over: changes are told whole again.</summary>
    public void NextPeriod(DateTimeOffset now) => (Told, _changes) = (now, 0);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(EventLine.TimeFormat, CultureInfo.InvariantCulture);
}
