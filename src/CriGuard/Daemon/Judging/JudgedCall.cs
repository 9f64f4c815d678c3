using System.Collections.Immutable;
using CriGuard.Core.Policy;

namespace CriGuard.Daemon.Judging;

/// <summary>What judging one call came to.</summary>
/// <param name="Verdict">The decision.</param>
/// <param name="Subject">What the call is about.</param>
/// <param name="Patch">Gives the message to forward for the decided changes, none included; asked only when there is a permit.</param>
internal sealed record JudgedCall(Verdict Verdict, CallSubject Subject, Func<ImmutableArray<Change>, ReadOnlyMemory<byte>> Patch)
{
    /// <summary>True where it goes on though it cannot be recorded: a pod that fills the disk of the log must not thereby become one that cannot be stopped.</summary>
    public bool MayGoUnrecorded { get; init; }

    /// <summary>Digest of the whole command where it may be one that a kubelet runs again and again; null for other calls.</summary>
    public UInt128? Probe { get; init; }

    /// <summary>The same while the policy is bypassed: it goes on, and its record says by whose word.</summary>
    public JudgedCall Bypassed(Bypass bypass) => this with
    {
        Verdict = Bypass.Open(Verdict),
        Subject = Subject with { Details = [.. Subject.Details, new("bypass", $"by {bypass.By} until {bypass.Until.UtcDateTime:O}: {bypass.Reason}")] },
        MayGoUnrecorded = true,
    };
}
