using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Store.Policies;

namespace CriGuard.Daemon;

/// <summary>The policy that decides: one immutable snapshot, replaced whole when its files were read anew without error.</summary>
internal sealed class CurrentPolicy(string path, string digest, CompiledPolicy loaded)
{
    private volatile CompiledPolicy _snapshot = loaded;

    /// <summary>The file or directory that it is read from.</summary>
    public string Path => path;

    /// <summary>Of the files just before they were read at start: what was written since differs from it.</summary>
    public string Digest => digest;

    public CompiledPolicy Snapshot => _snapshot;

    /// <exception cref="StartException">The policy has errors; each is a line of the message.</exception>
    public static CurrentPolicy Load(string path)
    {
        string digest = PolicyFiles.Digest(path);
        var reading = Read(path);
        return reading.Policy is { } policy
            ? new CurrentPolicy(path, digest, policy)
            : throw new StartException(string.Join('\n', reading.Errors));
    }

    /// <summary>As a daemon can hold it: one that adds rules by itself needs a place for them.</summary>
    public static PolicyReading Read(string path)
    {
        var reading = PolicyReader.Read(path);
        return reading.Policy?.StepUp is { } stepUp && !Directory.Exists(path)
            ? PolicyReading.Failed([new PolicyError(stepUp.At, $"`{StepUpSetting.Name}` adds files to the policy, which is one file here: put it into a directory, and point the daemon there")])
            : reading;
    }

    /// <summary>Calls that are being judged finish under the snapshot that they began with.</summary>
    public void Replace(CompiledPolicy policy) => _snapshot = policy;
}
