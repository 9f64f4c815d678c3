using CriGuard.Core.Policy;
using CriGuard.Store.Policies;

namespace CriGuard.Daemon;

/// <summary>The policy that decides: one immutable snapshot, replaced whole when files are read anew without error.</summary>
internal sealed class CurrentPolicy
{
    private readonly string _path;
    private volatile CompiledPolicy _snapshot;

    private CurrentPolicy(string path, CompiledPolicy snapshot) => (_path, _snapshot) = (path, snapshot);

    public CompiledPolicy Snapshot => _snapshot;

    /// <exception cref="StartException">The policy has errors; each is a line of the message.</exception>
    public static CurrentPolicy Load(string path)
    {
        var reading = PolicyReader.Read(path);
        return reading.Policy is { } policy
            ? new CurrentPolicy(path, policy)
            : throw new StartException(string.Join('\n', reading.Errors));
    }

    /// <summary>Reads the files again; with errors the policy that is in force stays.</summary>
    public PolicyReading Reload()
    {
        var reading = PolicyReader.Read(_path);
        if (reading.Policy is { } policy)
            _snapshot = policy;
        return reading;
    }
}
