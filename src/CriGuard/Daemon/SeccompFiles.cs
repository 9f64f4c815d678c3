using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Mounts;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Workloads;
using CriGuard.Linux;
using CriGuard.Store.Profiles;

namespace CriGuard.Daemon;

/// <summary>The profiles in files of the node: those that requests name, read with care, and those that were composed for them.</summary>
internal sealed class SeccompFiles
{
    private readonly string _directory;
    private readonly ComposedFiles _composed;
    private readonly ImmutableArray<string> _roots;
    private readonly Lazy<SeccompNode?> _node;

    /// <param name="stateDirectory">The composed ones lie in seccomp/ below it.</param>
    public SeccompFiles(string stateDirectory)
    {
        _directory = Path.Combine(Path.GetFullPath(stateDirectory), "seccomp");
        _composed = new ComposedFiles(_directory);
        _roots = [_directory, .. ProtectedPaths.KubeletRoots.Select(static root => $"{root}/seccomp")];
        // Reading the bases takes memory and time, and many policies name none.
        _node = new Lazy<SeccompNode?>(() =>
            Machine() is { } machine ? new SeccompNode(_directory, machine, Environment.OSVersion.Version, new SeccompComposer(ShippedProfiles.Seccomp)) : null);
    }

    /// <summary>The node with what the policy needs of profiles for this workload; read anew each time, since files change (T-S5).</summary>
    public NodeFacts Look(CompiledPolicy policy, NodeFacts node, SecurityProfile? asked)
    {
        if (!policy.NeedsSeccompFiles)
            return node;
        var files = policy.SeccompFiles.Distinct(StringComparer.Ordinal).ToImmutableDictionary(static path => path, static path => Read(Path.GetDirectoryName(path) ?? "/", path));
        if (asked is { Kind: SecurityProfileKind.Localhost, Reference: var path } && !files.ContainsKey(path))
            files = files.Add(path, Root(path) is { } root ? Read(root, path) : LocalProfile.Unusable(path, $"it lies in none of {string.Join(", ", _roots.Select(static r => $"`{r}`"))}"));
        return node with { Seccomp = _node.Value, SeccompFiles = files };
    }

    /// <summary>Sees to it that the files that the changes name are there, are what was composed, and can have been written by root alone.</summary>
    /// <exception cref="IOException">They are not, and cannot be made so.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public void Ensure(ImmutableArray<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change.Edit is Edit.Seccomp { File: { } composed } && !IsThere(composed, out _))
                Write(composed);
        }
    }

    private void Write(ComposedSeccomp composed)
    {
        _composed.Write(composed);
        if (!IsThere(composed, out string problem))
            throw new IOException($"`{_directory}/{composed.FileName}` was written and is not what it should be: {problem}");
    }

    private bool IsThere(ComposedSeccomp composed, out string problem) =>
        RootFile.Read(_directory, composed.FileName, composed.Json.Length, out problem) is { } bytes && bytes.AsSpan().SequenceEqual(composed.Json.AsSpan());

    private string? Root(string path) => _roots.FirstOrDefault(root => path.StartsWith(root + "/", StringComparison.Ordinal));

    private static LocalProfile Read(string root, string path)
    {
        if (RootFile.Read(root, path[root.Length..], SeccompReader.MaxSize, out string problem) is not { } bytes)
            return LocalProfile.Unusable(path, problem);
        var reading = SeccompReader.Read(Path.GetFileName(path), bytes);
        return new LocalProfile(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), reading.Profile, reading.Profile is null ? string.Join("; ", reading.Errors.Take(3)) : "");
    }

    /// <summary>Null where the calls of this machine are not known.</summary>
    private static CallArchitecture? Machine() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => CallArchitecture.X64,
        Architecture.Arm64 => CallArchitecture.Arm64,
        _ => null,
    };
}
