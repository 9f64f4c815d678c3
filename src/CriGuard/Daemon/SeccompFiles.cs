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
    /// <summary>A file that was handed out within this time is one that a container may be made with any moment.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly long _began;

    // Files by name, with when each was handed out last; held while a file is removed.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _handedOut = new(StringComparer.Ordinal);

    private readonly ComposedFiles _composed;
    private readonly ImmutableArray<string> _roots;
    private readonly SeccompNode? _node;

    /// <param name="stateDirectory">The composed ones lie in seccomp/ below it.</param>
    /// <param name="time">For what is late.</param>
    public SeccompFiles(string stateDirectory, TimeProvider time)
    {
        (_time, _began) = (time, time.GetTimestamp());
        _directory = Path.Combine(Path.GetFullPath(stateDirectory), "seccomp");
        _composed = new ComposedFiles(_directory);
        _roots = [_directory, .. ProtectedPaths.KubeletRoots.Select(static root => $"{root}/seccomp")];
        // Reading the bases takes memory and time, and many policies name none.
        _node = Machine() is { } machine ? new SeccompNode(_directory, machine, Environment.OSVersion.Version, new SeccompComposer(static () => ShippedProfiles.Seccomp)) : null;
    }

    /// <summary>The node with what the policy needs of profiles for this workload; read anew each time, since files change (T-S5).</summary>
    public NodeFacts Look(CompiledPolicy policy, NodeFacts node, SecurityProfile? asked)
    {
        if (!policy.WeighsSeccompFiles)
            return node;
        var files = (policy.NeedsSeccompFiles ? policy.SeccompFiles : []).Distinct(StringComparer.Ordinal).ToImmutableDictionary(static path => path, static path => Read(Path.GetDirectoryName(path) ?? "/", path));
        if (asked is { Kind: SecurityProfileKind.Localhost, Reference: var path } && !files.ContainsKey(path))
            files = files.Add(path, Root(path) is { } root ? Read(root, path) : LocalProfile.Unusable(path, $"it lies in none of {string.Join(", ", _roots.Select(static r => $"`{r}`"))}"));
        return node with { Seccomp = _node, SeccompFiles = files };
    }

    /// <summary>Sees to it that the files that the changes name are there, are what was composed, and can have been written by root alone.</summary>
    /// <exception cref="IOException">They are not, and cannot be made so.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public void Ensure(ImmutableArray<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change.Edit is not Edit.Seccomp { File: { } composed })
                continue;
            lock (_gate)
                _handedOut[composed.FileName] = _time.GetTimestamp();
            if (!IsThere(composed, out _))
                Write(composed);
        }
    }

    /// <summary>Paths of composed files that were not handed out lately, nor by a daemon before this one as far as that can matter.</summary>
    public ImmutableArray<string> NotHandedOut()
    {
        lock (_gate)
            return [.. _composed.Names.Where(IsLate).Select(name => $"{_directory}/{name}")];
    }

    /// <summary>Removes those of these files that are composed ones, and were not handed out since they were asked for.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="IOException">One cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be removed.</exception>
    public int Remove(IEnumerable<string> paths)
    {
        var removed = 0;
        foreach (string name in paths.Select(static path => Path.GetFileName(path)))
        {
            // What root alone has written here under a digest is of a daemon.
            if (RootFile.Read(_directory, name, SeccompReader.MaxSize, out _) is null)
                continue;
            lock (_gate)
            {
                if (!IsLate(name) || !_composed.Remove(name))
                    continue;
                _handedOut.Remove(name);
                removed++;
            }
        }

        return removed;
    }

    private bool IsLate(string name) => _time.GetElapsedTime(Math.Max(_began, _handedOut.GetValueOrDefault(name))) > Lately;

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
