using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Modules;

/// <summary>Modules that a process can make the kernel load without CAP_SYS_MODULE.</summary>
/// <param name="Entries">In the order of the file, one for each alias.</param>
public sealed record KernelModules(ImmutableArray<KernelModule> Entries)
{
    /// <summary>Every module by name, once, sorted: what rules for modprobe deny.</summary>
    public ImmutableSortedSet<string> Names => Entries.SelectMany(static e => e.Modules).ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>Those that a socket loads.</summary>
    public IEnumerable<KernelModule> Sockets => Entries.Where(static e => e.Socket is not null);
}

/// <summary>What makes the kernel ask for a module.</summary>
public enum ModuleCause
{
    Socket,
    FileSystem,
    Key,
    Crypto,
    Terminal,
}

/// <summary>One thing that a process can ask for, and the modules that come with it.</summary>
/// <param name="Cause">How it is asked for.</param>
/// <param name="Name">For people.</param>
/// <param name="Alias">What the kernel asks modprobe for.</param>
/// <param name="Modules">Names as in the kernel's sources; empty where the node needs them itself.</param>
/// <param name="Why">Why no container needs it.</param>
public sealed record KernelModule(ModuleCause Cause, string Name, string Alias, ImmutableArray<string> Modules, string Why)
{
    /// <summary>The socket that loads it; null for other causes.</summary>
    public SocketTriple? Socket { get; init; }
}

/// <summary>What socket(2) is asked for.</summary>
/// <param name="Family">Address family.</param>
/// <param name="Type">Without SOCK_NONBLOCK and SOCK_CLOEXEC; null for any.</param>
/// <param name="Protocol">Null for any.</param>
public sealed record SocketTriple(int Family, int? Type, int? Protocol)
{
    public bool Covers(int family, int type, int protocol) =>
        family == Family && (Type is null || Type == type) && (Protocol is null || Protocol == protocol);
}
