using System.Collections.Immutable;
using System.Globalization;

namespace CriGuard.Core.Events;

/// <summary>
/// Counts refusals that come again: the kubelet tries a refused pod for ever. One that is on record already is counted instead of written; one that
/// differs in anything is written, and counts as a variant of its pod (T-Q8: somebody may be trying what passes).
/// </summary>
public sealed class RefusalTally
{
    /// <summary>Refusals that are remembered; beyond, the least recent is forgotten and written anew when it comes again.</summary>
    public const int MaxKnown = 2048;

    /// <summary>A refusal that goes on is told of so often; one that did not come for as long is forgotten.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Dictionary<UInt128, LinkedListNode<KnownRefusal>> _known = [];
    private readonly LinkedList<KnownRefusal> _byRecency = [];
    private readonly Dictionary<UInt128, PodVariants> _pods = [];

    /// <summary>Refusals that are remembered now.</summary>
    public int Count => _known.Count;

    /// <summary>Counts a refusal that is on record; false where it is not, so that it must be written.</summary>
    public bool TryCount(EventRecord refused)
    {
        if (!_known.TryGetValue(RecordKey.Refusal(refused), out var node))
            return false;
        node.Value.Count(refused.Time);
        _byRecency.Remove(node);
        _byRecency.AddLast(node);
        return true;
    }

    /// <summary>The event of a refusal that is not on record yet: with the number of variants of its pod, this one included, from the second on.</summary>
    public EventRecord Numbered(EventRecord refused)
    {
        var pod = _pods.GetValueOrDefault(RecordKey.Pod(refused));
        var before = pod is null || pod.Revision != refused.Verdict?.Revision ? 0 : pod.Number;
        return refused with { Details = [.. refused.Details, .. VariantsDetail(refused.Pod is null || before == 0 ? 0 : before + 1)] };
    }

    /// <summary>Remembers a refusal that is on record now.</summary>
    /// <returns>What must be told of another one that is forgotten for it.</returns>
    public ImmutableArray<EventRecord> Remember(EventRecord refused)
    {
        var known = new KnownRefusal(refused);
        if (_known.ContainsKey(known.Key))
        {
            // Two came at once, and both were written.
            return [];
        }

        var pod = _pods.GetValueOrDefault(known.Pod) ?? (_pods[known.Pod] = new PodVariants());
        pod.Add(refused.Verdict?.Revision ?? "");
        _known[known.Key] = _byRecency.AddLast(known);
        return _known.Count > MaxKnown ? Forget(_byRecency.First!.Value, refused.Time) : [];
    }

    /// <summary>What must be told before another decision on the same container of the same pod.</summary>
    public ImmutableArray<EventRecord> Settle(EventRecord decided)
    {
        if (_known.Count == 0 || !_pods.ContainsKey(RecordKey.Pod(decided)))
            return [];
        var subject = RecordKey.Subject(decided);
        return [.. _byRecency.Where(known => known.Subject == subject && known.Repeats > 0).Select(known => Tell(known, decided.Time))];
    }

    /// <summary>Forgets what did not come for the window, and gives what is due to be told; to be called every minute or so.</summary>
    public ImmutableArray<EventRecord> Sweep(DateTimeOffset now)
    {
        var told = ImmutableArray.CreateBuilder<EventRecord>();
        foreach (var known in _byRecency.ToList())
        {
            if (now - known.Last >= Window)
                told.AddRange(Forget(known, now));
            else if (known.Repeats > 0 && now - known.Told >= Window)
                told.Add(Tell(known, now));
        }

        return told.ToImmutable();
    }

    /// <summary>All that was counted and not told.</summary>
    public ImmutableArray<EventRecord> Drain(DateTimeOffset now) => [.. _byRecency.Where(static known => known.Repeats > 0).Select(known => Tell(known, now))];

    internal static IEnumerable<KeyValuePair<string, string>> VariantsDetail(int variants) =>
        variants > 0 ? [new("variants", variants.ToString(CultureInfo.InvariantCulture))] : [];

    private ImmutableArray<EventRecord> Forget(KnownRefusal known, DateTimeOffset now)
    {
        ImmutableArray<EventRecord> told = known.Repeats > 0 ? [Tell(known, now)] : [];
        _known.Remove(known.Key, out var node);
        _byRecency.Remove(node!);
        if (_pods[known.Pod].IsLast())
            _pods.Remove(known.Pod);
        return told;
    }

    private EventRecord Tell(KnownRefusal known, DateTimeOffset now) => known.Tell(now, known.IsOfPod ? _pods[known.Pod].Number : 0);

    /// <summary>How many different refusals a pod had under one policy; kept for as long as any of them is remembered.</summary>
    private sealed class PodVariants
    {
        private int _remembered;

        public string Revision { get; private set; } = "";

        public int Number { get; private set; }

        public void Add(string revision)
        {
            // Another policy refuses the same pod in other words: that is no variant.
            Number = revision == Revision ? Number + 1 : 1;
            Revision = revision;
            _remembered++;
        }

        /// <summary>Takes one away; true where none is left.</summary>
        public bool IsLast() => --_remembered == 0;
    }
}
