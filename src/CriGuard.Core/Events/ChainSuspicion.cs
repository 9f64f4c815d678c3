namespace CriGuard.Core.Events;

/// <summary>A fault that is certain while its kind or its line is not.</summary>
/// <param name="Unsettled">What is said where nothing that follows settles it.</param>
internal abstract record ChainSuspicion(ChainFault Unsettled)
{
    /// <summary>Decides with the next line; null where it takes more of them.</summary>
    public abstract ChainFault? Settle(LineLink next);

    /// <summary>Decides with the head, where there is no next line.</summary>
    public abstract ChainFault Settle(ChainPosition head);

    /// <summary>Two neighbours that do not fit: the second is right, and the first is not, where its successor carries its hash.</summary>
    public sealed record Either(ChainFault First, ChainFault Second, ChainPosition AtSecond) : ChainSuspicion(Second)
    {
        public override ChainFault Settle(LineLink next) => AtSecond.Precedes(next) ? First : Second;

        public override ChainFault Settle(ChainPosition head) => AtSecond == head ? First : Second;
    }

    /// <summary>Sequences that are not in their place: they stand further on, or nowhere.</summary>
    public sealed record Absent(long From, long Before, ChainFault Moved, ChainFault Gone) : ChainSuspicion(Gone)
    {
        public override ChainFault? Settle(LineLink next) => next.Sequence >= From && next.Sequence < Before ? Moved : null;

        public override ChainFault Settle(ChainPosition head) => Gone;
    }
}
