namespace CriGuard.Core.Policy.Isolation;

/// <summary>What stands between a workload and the node, weakest first.</summary>
public enum IsolationLevel
{
    /// <summary>Namespaces, cgroups and filters of the node's own kernel.</summary>
    Runc,

    /// <summary>The same with users of its own: root inside is nobody on the node (KEP-127).</summary>
    Userns,

    /// <summary>A kernel in user space that serves the workload's system calls.</summary>
    Gvisor,

    /// <summary>A virtual machine with a kernel of its own.</summary>
    Kata,
}

/// <summary>Levels as policies, messages and events write them.</summary>
public static class IsolationLevels
{
    public static string Word(this IsolationLevel level) => level.ToString().ToLowerInvariant();
}
