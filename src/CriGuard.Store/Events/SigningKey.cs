using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>The private key that signs checkpoints: made at the first start, in the state directory, for its owner alone.</summary>
public sealed class SigningKey : IDisposable
{
    private const UnixFileMode OfOthers = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private readonly ECDsa _key;

    private SigningKey(ECDsa key, string? madeBecause)
    {
        (_key, MadeBecause) = (key, madeBecause);
        Fingerprint = CheckpointKey.FingerprintOf(key);
    }

    /// <summary>As checkpoints name it.</summary>
    public string Fingerprint { get; }

    /// <summary>Why it was made now; null where it was there.</summary>
    public string? MadeBecause { get; }

    /// <summary>SubjectPublicKeyInfo in PEM: what another machine needs to prove the log.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Where it lies.</summary>
    public static string PathIn(string stateDirectory) => Path.Combine(stateDirectory, "log-key.pem");

    /// <summary>The key that is there, or a new one: also where others could read it, or it cannot be used.</summary>
    /// <exception cref="EventLogException">It can be neither read nor made.</exception>
    public static SigningKey Open(string stateDirectory)
    {
        var path = PathIn(stateDirectory);
        try
        {
            PrivateFile.CreateDirectory(stateDirectory);
            if (!File.Exists(path))
                return Make(path, "there was none");
            if ((File.GetUnixFileMode(path) & OfOthers) != UnixFileMode.None)
                return Make(path, "others could read the one that was there");
            return TryParse(File.ReadAllText(path)) is { } key ? new SigningKey(key, null) : Make(path, "the one that was there is no private key of P-256");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EventLogException($"the key of the event log `{path}` cannot be read or made: {e.Message}", e);
        }
    }

    /// <summary>The key that is there; null where there is none.</summary>
    /// <exception cref="EventLogException">It cannot be read, or is no key.</exception>
    public static SigningKey? Find(string stateDirectory)
    {
        var path = PathIn(stateDirectory);
        try
        {
            if (!File.Exists(path))
                return null;
            return TryParse(File.ReadAllText(path)) is { } key ? new SigningKey(key, null) : throw new EventLogException($"`{path}` is no private key of P-256");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not EventLogException)
        {
            throw new EventLogException($"the key of the event log `{path}` cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Signs all lines up to one.</summary>
    /// <param name="covered">That line.</param>
    /// <param name="time">Of the checkpoint's own line.</param>
    public Checkpoint Sign(ChainPosition covered, DateTimeOffset time)
    {
        // The line has microseconds, and what it says must be what was signed.
        var written = new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        var signature = _key.SignData(Checkpoint.Text(covered, written), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new Checkpoint(covered, written, Fingerprint, ImmutableArray.Create(signature));
    }

    public void Dispose() => _key.Dispose();

    private static SigningKey Make(string path, string because)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateFile.Replace(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        return new SigningKey(key, because);
    }

    private static ECDsa? TryParse(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var parameters = key.ExportParameters(includePrivateParameters: true);
            if (parameters is { D.Length: > 0, Curve.Oid.Value: "1.2.840.10045.3.1.7" })
                return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // Said by the caller.
        }

        key.Dispose();
        return null;
    }
}
