using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;

namespace CriGuard.Daemon.Judging;

/// <summary>What the node knows of a container that is about to start, beside what the runtime says: its devices, where its mounts lead, its seccomp file.</summary>
internal sealed class StartEvidence(HostPaths paths)
{
    /// <summary>Bytes: large profiles have tens of thousands.</summary>
    private const int LargestProfile = 1024 * 1024;

    /// <param name="node">The node.</param>
    /// <param name="facts">From the runtime alone.</param>
    public async Task<(NodeFacts Node, StartFacts Facts)> CompleteAsync(NodeFacts node, StartFacts facts)
    {
        // The runtime resolved paths when the container was created; what runs next follows links once more.
        (node, facts) = await paths.LookAsync(node, facts);
        return facts.Asked?.Seccomp is { Kind: SecurityProfileKind.Localhost } profile ? (node, facts with { Profile = await ReadAsync(profile.Reference) }) : (node, facts);
    }

    /// <summary>Whoever asks names the file, so it is looked at first: a pipe or a server that does not answer would hold the call for ever (T-M13).</summary>
    private async Task<FilterRules?> ReadAsync(string path)
    {
        if (await paths.FileAsync(path) is not { } file)
            return null;
        try
        {
            await using var stream = File.OpenRead(file);
            var text = new byte[Math.Min(stream.Length, LargestProfile + 1)];
            await stream.ReadExactlyAsync(text);
            return text.Length > LargestProfile ? null : FilterReader.Read(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
