using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using CriGuard.Core.Profiles.Seccomp.Bases;
using CriGuard.Core.Profiles.Seccomp.Composition;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>What a profile is composed of.</summary>
/// <param name="Bases">Names, sorted, joined by `+`.</param>
/// <param name="Own">SHA-256 of the workload's own file; empty where it has none.</param>
/// <param name="Context">The container and the node.</param>
public sealed record SeccompRecipe(string Bases, string Own, ProfileContext Context);

/// <summary>A composed profile and its file.</summary>
/// <param name="Digest">SHA-256 of the file, which is also its name.</param>
/// <param name="Json">The whole file.</param>
/// <param name="TooFine">Calls that are denied because their conditions do not fit.</param>
public sealed record ComposedSeccomp(string Digest, ImmutableArray<byte> Json, ImmutableArray<string> TooFine)
{
    public string FileName => $"{Digest}.json";
}

/// <summary>Composes profiles, each recipe once: a function of its arguments that remembers.</summary>
/// <param name="catalog">The bases, which are not read before one is composed.</param>
public sealed class SeccompComposer(Func<SeccompCatalog> catalog)
{
    /// <summary>More than a node has different workloads; when it is full it begins anew.</summary>
    public const int MostKept = 512;

    private readonly ConcurrentDictionary<SeccompRecipe, ComposedSeccomp> _known = new();

    /// <param name="bases">Names of bases.</param>
    /// <param name="own">The workload's own profile; null where it has none.</param>
    /// <param name="context">The container and the node.</param>
    public ComposedSeccomp Compose(IEnumerable<string> bases, LocalProfile? own, ProfileContext context)
    {
        var names = string.Join('+', bases.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var recipe = new SeccompRecipe(names, own?.Digest ?? "", context);
        if (_known.TryGetValue(recipe, out var known))
            return known;
        if (_known.Count >= MostKept)
            _known.Clear();
        return _known[recipe] = Compose(names.Split('+', StringSplitOptions.RemoveEmptyEntries), own?.Profile, context);
    }

    private ComposedSeccomp Compose(string[] bases, SeccompProfile? own, ProfileContext context)
    {
        var filter = own is null ? Filter.Open : FilterOfProfile.Of(own, context);
        filter = bases.Aggregate(filter, (all, name) => all.And(catalog()[name].Resolve(context)));
        var (profile, tooFine) = FlatProfile.Of(filter, context.Machine);
        var json = SeccompWriter.Write(profile);
        return new ComposedSeccomp(Convert.ToHexStringLower(SHA256.HashData(json.AsSpan())), json, tooFine);
    }
}

/// <summary>What of the node profiles are composed for.</summary>
/// <param name="Directory">Where the files lie: only root writes there.</param>
/// <param name="Machine">The node's architecture.</param>
/// <param name="Kernel">The node's kernel.</param>
/// <param name="Composer">Composes.</param>
public sealed record SeccompNode(string Directory, CallArchitecture Machine, Version Kernel, SeccompComposer Composer)
{
    public string PathOf(ComposedSeccomp composed) => $"{Directory}/{composed.FileName}";
}
