using System.Globalization;
using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Output;

/// <summary>What was found when a log was proved, for people: what is wrong first, then what the log itself says that it does not have.</summary>
internal static class ProofText
{
    public static IEnumerable<string> Of(LogProof proof, string directory, bool withKey)
    {
        yield return proof.Fault is { } fault
            ? $"broken: {Path.Combine(directory, fault.Place.ToString())}: {fault.Message}{Between(proof)} ({proof.Events} events before are in order)"
            : Whole(proof);
        if (proof.Checkpoint is { } checkpoint)
            yield return Signed(proof, checkpoint, withKey);
        if (proof.Removed is { } removed)
        {
            yield return $"removed: sequences 1 to {removed.Last}, of {Time(removed.Since)} to {Time(removed.To)}, by retention";
            if (removed.Fault.Length > 0)
                yield return $"removed: they were not in order then: {Printable.Of(removed.Fault)}";
        }

        foreach (var gap in proof.Gaps)
            yield return $"gap: {Time(gap.Time)}, sequence {gap.Link.Sequence}: {Printable.Of(string.Join(", ", gap.Details.Select(static d => $"{d.Key} {d.Value}")))}";
    }

    private static string Whole(LogProof proof)
    {
        var unfinished = proof.Unfinished == 0 ? "" : $", and {proof.Unfinished} bytes of a line that is not whole yet";
        return proof.Events == 0 ? $"ok: no events yet{unfinished}" : $"ok: {proof.Events} events, sequence {proof.First} to {proof.Last.Sequence}, head {proof.Last.Hash}{unfinished}";
    }

    private static string Signed(LogProof proof, Checkpoint checkpoint, bool withKey)
    {
        long behind = proof.Last.Sequence - checkpoint.Covers.Sequence - 1;
        var rest = behind switch { 0 => "", 1 => "; the line behind that is proved by the chain and the head alone", _ => $"; the {behind} lines behind that are proved by the chain and the head alone" };
        return withKey
            ? $"signed: up to sequence {checkpoint.Covers.Sequence}, {Time(checkpoint.Time)}, with key {checkpoint.Key}{rest}"
            : $"signed: up to sequence {checkpoint.Covers.Sequence}, {Time(checkpoint.Time)}, as key {Printable.Of(checkpoint.Key)} claims: `--key FILE` proves it";
    }

    private static string Between(LogProof proof) => (proof.FaultAfter, proof.FaultBefore) switch
    {
        ({ } after, { } before) => $", between {Time(after)} and {Time(before)}",
        ({ } after, null) => $", after {Time(after)}",
        (null, { } before) => $", before {Time(before)}",
        _ => "",
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
