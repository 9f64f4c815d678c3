using System.Collections.Immutable;

namespace CriGuard.Core.Events;

/// <summary>
/// Counts commands that the same process runs in the same container again and again, as a kubelet's probes are. The first is written whole, decision and
/// answer; those after it are counted for as long as they end alike. Whatever differs, in the command to its last argument, the container, the caller or the
/// decision, is another one and written whole (T-E2): nothing can be done under the count of a probe but that probe.
/// </summary>
public sealed class ProbeTally
{
    /// <summary>Name of the detail that is not part of what makes two the same.</summary>
    public const string NovelDetail = "novel";

    /// <summary>Name of the detail of an answer that says how the command ended.</summary>
    public const string ExitCodeDetail = "exitCode";

    /// <summary>Probes that are remembered; beyond, the least recent is forgotten and written anew when it comes again.</summary>
    public const int MaxKnown = 4096;

    /// <summary>Changes of the outcome that are written whole in one period; more are counted, or a probe that fails every other time would fill the log.</summary>
    public const int MaxChanges = 10;

    /// <summary>A probe that goes on is told of so often; one that did not come for as long is forgotten.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Dictionary<UInt128, LinkedListNode<KnownProbe>> _known = [];
    private readonly LinkedList<KnownProbe> _byRecency = [];

    /// <summary>Probes that are remembered now.</summary>
    public int Count => _known.Count;

    /// <summary>What makes two permitted commands the same; null where who asks cannot be told, so that each is written.</summary>
    /// <param name="permitted">The decision.</param>
    /// <param name="command">Digest of the whole command.</param>
    public static UInt128? Key(EventRecord permitted, UInt128 command) =>
        permitted.Caller is { Pid: > 0, Executable.Length: > 0 } caller ? RecordKey.Probe(permitted, caller, command) : null;

    /// <summary>Counts a permitted command that is on record; false where it is not, so that it must be written.</summary>
    public bool TryCount(UInt128 key, DateTimeOffset time)
    {
        if (!_known.TryGetValue(key, out var node))
            return false;
        node.Value.Count(time);
        _byRecency.Remove(node);
        _byRecency.AddLast(node);
        return true;
    }

    /// <summary>What must be written of an answer, and of one that is forgotten for it.</summary>
    /// <param name="key">Of the command.</param>
    /// <param name="answered">The answer's event, whole.</param>
    /// <param name="counted">Whether the decision was counted, not written.</param>
    public ImmutableArray<EventRecord> Answered(UInt128 key, EventRecord answered, bool counted)
    {
        if (_known.TryGetValue(key, out var node))
            return counted ? Compare(node.Value, answered) : [answered];
        if (counted)
            return [answered];
        _known[key] = _byRecency.AddLast(new KnownProbe(key, answered));
        return _known.Count > MaxKnown ? [answered, .. Forget(_byRecency.First!.Value, answered.Time)] : [answered];
    }

    /// <summary>Forgets what did not come for the window, and gives what is due to be told; to be called every minute or so.</summary>
    public ImmutableArray<EventRecord> Sweep(DateTimeOffset now)
    {
        var told = ImmutableArray.CreateBuilder<EventRecord>();
        foreach (var known in _byRecency.ToList())
        {
            if (now - known.Last >= Window)
            {
                told.AddRange(Forget(known, now));
            }
            else if (now - known.Told >= Window)
            {
                told.AddRange(Tell(known, now));
                known.NextPeriod(now);
            }
        }

        return told.ToImmutable();
    }

    /// <summary>All that was counted and not told.</summary>
    public ImmutableArray<EventRecord> Drain(DateTimeOffset now) => [.. _byRecency.SelectMany(known => Tell(known, now))];

    private static ImmutableArray<EventRecord> Compare(KnownProbe known, EventRecord answered)
    {
        var outcome = ProbeOutcome.Of(answered);
        if (outcome == known.Outcome)
            return [];
        // Told before it changes: all but the last of them ended alike, and that one's answer follows.
        ImmutableArray<EventRecord> told = known.MayChange ? [.. Tell(known, answered.Time), answered] : [];
        known.Change(outcome);
        return told;
    }

    private static ImmutableArray<EventRecord> Tell(KnownProbe known, DateTimeOffset now) => known.Repeats > 0 ? [known.Tell(now)] : [];

    private ImmutableArray<EventRecord> Forget(KnownProbe known, DateTimeOffset now)
    {
        _known.Remove(known.Key, out var node);
        _byRecency.Remove(node!);
        return Tell(known, now);
    }
}
