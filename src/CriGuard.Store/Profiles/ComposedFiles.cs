using System.Buffers;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Store.Events;

namespace CriGuard.Store.Profiles;

/// <summary>The directory of composed profiles: each under its digest, complete from the moment that it has its name, and never written over.</summary>
/// <param name="Path">Made with mode 0700.</param>
public sealed record ComposedFiles(string Path)
{
    private const string Extension = ".json";

    /// <summary>Characters of a SHA-256 in hexadecimal.</summary>
    private const int DigestLength = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The files whose names are digests; whatever else lies there is not ours.</summary>
    public IEnumerable<string> Names => Directory.Exists(Path)
        ? Directory.EnumerateFiles(Path, "*" + Extension).Select(static path => System.IO.Path.GetFileName(path)).Where(IsDigest).Order(StringComparer.Ordinal)
        : [];

    /// <summary>Writes the file, whatever lies under its name; it is on disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(ComposedSeccomp composed)
    {
        PrivateFile.CreateDirectory(Path);
        PrivateFile.Replace(System.IO.Path.Combine(Path, composed.FileName), composed.Json.AsSpan());
    }

    /// <summary>False where the name is no digest, and nothing is removed.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
    public bool Remove(string name)
    {
        if (!IsDigest(name))
            return false;
        File.Delete(System.IO.Path.Combine(Path, name));
        return true;
    }

    private static bool IsDigest(string name) =>
        name.Length == DigestLength + Extension.Length && name.EndsWith(Extension, StringComparison.Ordinal) && !name.AsSpan(0, DigestLength).ContainsAnyExcept(Digits);
}
