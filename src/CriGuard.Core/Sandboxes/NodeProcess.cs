using System.Collections.Immutable;

namespace CriGuard.Core.Sandboxes;

/// <summary>A process of the node, as the kernel lists it.</summary>
/// <param name="Pid">In our pid namespace.</param>
/// <param name="Parent">0 for the first.</param>
/// <param name="Executable">Path; empty where it cannot be read.</param>
/// <param name="Arguments">Those that it was started with, its name first; it may have written over them.</param>
/// <param name="UserNamespace">The kernel's name of it, such as `user:[4026531837]`; empty where it cannot be read.</param>
public sealed record NodeProcess(int Pid, int Parent, string Executable, ImmutableArray<string> Arguments, string UserNamespace = "")
{
    /// <summary>`mnt:[4026532247]`; empty where it cannot be read, and of one that has ended.</summary>
    public string MountNamespace { get; init; } = "";

    /// <summary>Paths of its cgroups, one for each tree (cgroups(7), `/proc/PID/cgroup`).</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>The executable's own name, of one that was replaced since it was started too.</summary>
    public string Name => Executable[(Executable.LastIndexOf('/') + 1)..].Split(' ')[0];
}
