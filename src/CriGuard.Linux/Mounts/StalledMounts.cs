using System.Collections.Concurrent;

namespace CriGuard.Linux.Mounts;

/// <summary>
/// Mounts whose server does not answer: a thread that looks at one hangs in the kernel and cannot be ended, so no second one is sent
/// after it until the first has come back (T-M13).
/// </summary>
internal sealed class StalledMounts
{
    private readonly ConcurrentDictionary<int, byte> _ids = new();

    public bool Contains(int mount) => _ids.ContainsKey(mount);

    /// <summary>What a look waits for stays away from other looks; one that comes back in the meantime has waited for nothing.</summary>
    public void Mark(Waiting waiting)
    {
        if (waiting.Mount is not { } mount)
            return;
        _ids[mount] = 0;
        if (waiting.Mount != mount)
            _ids.TryRemove(mount, out _);
    }

    public void Answered(int mount) => _ids.TryRemove(mount, out _);
}

/// <summary>The mount that a look is waiting for.</summary>
internal sealed class Waiting
{
    private const int Nothing = -1;

    private volatile int _mount = Nothing;

    public int? Mount
    {
        get => _mount is Nothing ? null : _mount;
        set => _mount = value ?? Nothing;
    }
}
