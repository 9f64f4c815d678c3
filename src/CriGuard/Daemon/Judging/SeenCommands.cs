namespace CriGuard.Daemon.Judging;

/// <summary>
/// Which commands were run in which container since the daemon started, in bounded memory: what is forgotten counts as novel again, never the other
/// way round. No runtime tells it and no decision hangs on it, so it is not kept over a restart.
/// </summary>
internal sealed class SeenCommands
{
    /// <summary>More than a node has; beyond, the container that has been known for longest is forgotten.</summary>
    public const int MostContainers = 1024;

    /// <summary>Probes and hooks are a few; more are not remembered, so that a flood of commands stays in sight.</summary>
    public const int MostCommands = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<UInt128>> _commands = new(StringComparer.Ordinal);
    private readonly Queue<string> _containers = new();

    /// <summary>True where this command is not known of this container.</summary>
    /// <param name="container">Its id, as the call has it.</param>
    /// <param name="command">Digest of the whole command.</param>
    /// <param name="remember">False for a command that was not run.</param>
    public bool IsNovel(string container, UInt128 command, bool remember)
    {
        lock (_lock)
        {
            if (!_commands.TryGetValue(container, out var known))
            {
                if (remember)
                    Add(container).Add(command);
                return true;
            }

            if (remember && known.Count < MostCommands)
                return known.Add(command);
            return !known.Contains(command);
        }
    }

    private HashSet<UInt128> Add(string container)
    {
        if (_containers.Count == MostContainers)
            _commands.Remove(_containers.Dequeue());
        _containers.Enqueue(container);
        return _commands[container] = [];
    }
}
