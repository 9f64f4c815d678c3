using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CriGuard.Core.Events;

// criguard-checkpoint-1 41 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 2026-11-22T01:20:00.123456Z\n
//                       1  2                                                                3
// 1 sequence of the last line that is signed
// 2 its hash, which stands for all lines before it too
// 3 time of the checkpoint's own line

/// <summary>A signature over all lines of a log up to one of them; in the log it is the line behind that one.</summary>
/// <param name="Covers">Sequence and hash of the last line that it covers.</param>
/// <param name="Time">When it was made; to the microsecond, as the line has it.</param>
/// <param name="Key">Fingerprint of the key.</param>
/// <param name="Signature">ECDSA over SHA-256, DER.</param>
public sealed record Checkpoint(ChainPosition Covers, DateTimeOffset Time, string Key, ImmutableArray<byte> Signature)
{
    /// <summary>As the event has it.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Details =>
    [
        new("sequence", Covers.Sequence.ToString(CultureInfo.InvariantCulture)),
        new("hash", Covers.Hash.ToString()),
        new("key", Key),
        new("signature", Convert.ToBase64String(Signature.AsSpan())),
    ];

    /// <summary>What the signature is over.</summary>
    public static byte[] Text(ChainPosition covered, DateTimeOffset time) => Encoding.ASCII.GetBytes(
        $"criguard-checkpoint-1 {covered.Sequence.ToString(CultureInfo.InvariantCulture)} {covered.Hash} {time.UtcDateTime.ToString(EventLine.TimeFormat, CultureInfo.InvariantCulture)}\n");

    /// <summary>False where the event is no `log.checkpoint`, or one that does not speak of the line in front of it.</summary>
    public static bool TryRead(EventEntry entry, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        string Detail(string name) => entry.Details.FirstOrDefault(d => d.Key == name).Value ?? "";
        if (entry.Kind != EventKinds.LogCheckpoint
            || !long.TryParse(Detail("sequence"), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            || !LineHash.TryParse(Encoding.UTF8.GetBytes(Detail("hash")), out var hash)
            || !new ChainPosition(sequence, hash).Precedes(entry.Link))
        {
            return false;
        }

        var signature = new byte[Detail("signature").Length];
        if (!Convert.TryFromBase64String(Detail("signature"), signature, out int length))
            return false;
        checkpoint = new Checkpoint(new ChainPosition(sequence, hash), entry.Time, Detail("key"), [.. signature.AsSpan(0, length)]);
        return true;
    }
}

/// <summary>A public key that checkpoints are checked with: ECDSA over P-256.</summary>
public sealed class CheckpointKey : IDisposable
{
    private const string Curve = "1.2.840.10045.3.1.7";
    private const int FingerprintLength = 16;

    private readonly ECDsa _key;

    private CheckpointKey(ECDsa key) => (_key, Fingerprint) = (key, FingerprintOf(key));

    /// <summary>The first 16 hex digits of SHA-256 over the key (SubjectPublicKeyInfo, DER).</summary>
    public string Fingerprint { get; }

    /// <summary>Reads what `criguard log key` writes.</summary>
    /// <exception cref="FormatException">It is no public key of P-256 in PEM.</exception>
    public static CheckpointKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == Curve)
                return new CheckpointKey(key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new FormatException("it is no public key in PEM, as `criguard log key` writes it", e);
        }

        key.Dispose();
        throw new FormatException("it is a key of another curve than P-256");
    }

    public static string FingerprintOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..FingerprintLength];

    /// <summary>True where this key has made the checkpoint.</summary>
    public bool Verifies(Checkpoint checkpoint) => checkpoint.Key == Fingerprint
        && _key.VerifyData(Checkpoint.Text(checkpoint.Covers, checkpoint.Time), checkpoint.Signature.AsSpan(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => _key.Dispose();
}
