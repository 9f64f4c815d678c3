using System.Collections.Immutable;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>The runtime handlers that a runtime offers, by name.</summary>
public static class HandlersReader
{
    /// <summary>From a verbose status; null where the runtime does not tell. The nameless default is in it under its name only.</summary>
    public static ImmutableSortedSet<string>? Read(StatusResponse response) => response.RuntimeHandlers.Count > 0
        ? response.RuntimeHandlers.Select(static h => h.Name).Where(static n => n.Length > 0).ToImmutableSortedSet(StringComparer.Ordinal)
        : FromConfiguration(response);

    // containerd 1.6 and 1.7 do not fill the field, which is of 1.30, but show their whole configuration.
    private static ImmutableSortedSet<string>? FromConfiguration(StatusResponse response) =>
        VerboseJson.Read<ImmutableSortedSet<string>?>(response.Info, "config", null, static root =>
        {
            var runtimes = root.At("containerd", "runtimes");
            return runtimes.IsObject() ? runtimes.EnumerateObject().Select(static r => r.Name).ToImmutableSortedSet(StringComparer.Ordinal) : null;
        });
}
