using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Store.Events;

namespace CriGuard.Store.Profiles;

/// <summary>The directory of composed profiles: each under its digest, complete from the moment that it has its name. Nothing is ever written over or removed.</summary>
/// <param name="Path">Made with mode 0700.</param>
public sealed record ComposedFiles(string Path)
{
    /// <summary>Writes the file, whatever lies under its name; it is on disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(ComposedSeccomp composed)
    {
        PrivateFile.CreateDirectory(Path);
        PrivateFile.Replace(System.IO.Path.Combine(Path, composed.FileName), composed.Json.AsSpan());
    }
}
