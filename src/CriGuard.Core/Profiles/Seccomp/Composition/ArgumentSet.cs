using System.Numerics;

namespace CriGuard.Core.Profiles.Seccomp.Composition;

/// <summary>Values that one argument may have: a range, or all in which some bits are as given. What is composed of such sets is a list of them again.</summary>
internal abstract record ArgumentSet
{
    private const int Bits = 64;

    private ArgumentSet()
    {
    }

    /// <summary>All values.</summary>
    public static ArgumentSet Any { get; } = new Range(0, ulong.MaxValue);

    public static IEnumerable<ArgumentSet> Of(ArgumentCondition condition) => condition.Comparison switch
    {
        Comparison.Equal => [new Range(condition.Value, condition.Value)],
        Comparison.NotEqual => new Range(condition.Value, condition.Value).Complement(),
        Comparison.Less => Below(condition.Value),
        Comparison.LessOrEqual => [new Range(0, condition.Value)],
        Comparison.GreaterOrEqual => [new Range(condition.Value, ulong.MaxValue)],
        Comparison.Greater => Above(condition.Value),
        _ => [new Pattern(condition.Value, condition.Value & condition.Masked)],
    };

    public bool IsAny => this is Range { First: 0, Last: ulong.MaxValue } or Pattern { Mask: 0 };

    /// <summary>True only where all of it is in the other; false where that is not seen at once.</summary>
    public bool IsWithin(ArgumentSet other) => other.IsAny || (this, other) switch
    {
        (Range a, Range b) => a.First >= b.First && a.Last <= b.Last,
        (Range(var first, var last), _) => first == last && other.Contains(first),
        (Pattern a, Pattern b) => (a.Mask & b.Mask) == b.Mask && (a.Value & b.Mask) == b.Value,
        _ => false,
    };

    public abstract bool Contains(ulong value);

    /// <summary>What is not in it, in parts that do not overlap.</summary>
    public abstract IEnumerable<ArgumentSet> Complement();

    /// <summary>What is in both, in parts that do not overlap.</summary>
    public IEnumerable<ArgumentSet> Intersect(ArgumentSet other) => (this, other) switch
    {
        (Range a, Range b) => Common(a, b),
        (Pattern a, Pattern b) => Common(a, b),
        (Range a, Pattern b) => a.Blocks().SelectMany(block => Common(block, b)),
        (Pattern a, Range b) => b.Blocks().SelectMany(block => Common(block, a)),
        _ => [],
    };

    private static IEnumerable<ArgumentSet> Below(ulong value) => value == 0 ? [] : [new Range(0, value - 1)];

    private static IEnumerable<ArgumentSet> Above(ulong value) => value == ulong.MaxValue ? [] : [new Range(value + 1, ulong.MaxValue)];

    private static IEnumerable<ArgumentSet> Common(Range a, Range b)
    {
        var (first, last) = (Math.Max(a.First, b.First), Math.Min(a.Last, b.Last));
        return first <= last ? [new Range(first, last)] : [];
    }

    private static IEnumerable<ArgumentSet> Common(Pattern a, Pattern b) =>
        ((a.Value ^ b.Value) & a.Mask & b.Mask) == 0 ? [new Pattern(a.Mask | b.Mask, a.Value | b.Value)] : [];

    /// <summary>From the first to the last, both included.</summary>
    public sealed record Range(ulong First, ulong Last) : ArgumentSet
    {
        public override bool Contains(ulong value) => value >= First && value <= Last;

        public override IEnumerable<ArgumentSet> Complement() => Below(First).Concat(Above(Last));

        /// <summary>As patterns: blocks whose size is a power of two and that begin at a multiple of it, as networks are written with prefixes.</summary>
        public IEnumerable<Pattern> Blocks()
        {
            for (var first = First; ;)
            {
                var free = Math.Min(first == 0 ? Bits : BitOperations.TrailingZeroCount(first), Size(Last - first));
                var mask = free == Bits ? 0 : ulong.MaxValue << free;
                yield return new Pattern(mask, first);
                var last = first | ~mask;
                if (last >= Last)
                    yield break;
                first = last + 1;
            }
        }

        /// <summary>Bits of the greatest block that holds no more than so many values and one.</summary>
        private static int Size(ulong rest) => rest == ulong.MaxValue ? Bits : BitOperations.Log2(rest + 1);
    }

    /// <summary>The bits of the mask are as in the value; the others are any.</summary>
    public sealed record Pattern(ulong Mask, ulong Value) : ArgumentSet
    {
        public override bool Contains(ulong value) => (value & Mask) == Value;

        /// <summary>A part for each bit of the mask: the first that differs.</summary>
        public override IEnumerable<ArgumentSet> Complement()
        {
            ulong above = 0;
            for (var bit = Bits - 1; bit >= 0; bit--)
            {
                var one = 1UL << bit;
                if ((Mask & one) == 0)
                    continue;
                yield return new Pattern(above | one, (Value & above) | (~Value & one));
                above |= one;
            }
        }
    }
}
