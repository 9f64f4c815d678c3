using System.Collections.Immutable;

namespace CriGuard.Core.Sandboxes;

/// <summary>The programs that isolate workloads, by the names of their executables; a container can name its own programs so too.</summary>
public static class SandboxProcess
{
    private const string Sentry = "runsc";

    private static readonly ImmutableArray<string> s_monitors = ["qemu-system-", "cloud-hypervisor", "firecracker", "stratovirt"];

    /// <summary>Kata's own: its shim holds the machine itself where the monitor is built in (Dragonball).</summary>
    private static readonly ImmutableArray<string> s_katas = ["containerd-shim-kata", "kata-runtime"];

    private static readonly ImmutableArray<string> s_helpers = ["virtiofsd", "jailer"];

    /// <summary>What is above each sandbox: containerd's shims, Kata's among them, and CRI-O's conmon.</summary>
    private static readonly ImmutableArray<string> s_shims = ["containerd-shim", "conmon"];

    /// <summary>gVisor's kernel, and its helper for files.</summary>
    public static bool IsSentry(string name) => name.StartsWith(Sentry, StringComparison.Ordinal);

    /// <summary>A hypervisor's monitor.</summary>
    public static bool IsMonitor(string name) => IsOne(name, s_monitors);

    public static bool IsKata(string name) => IsOne(name, s_katas);

    /// <summary>What a machine needs beside its monitor.</summary>
    public static bool IsHelper(string name) => IsOne(name, s_helpers) || IsKata(name);

    public static bool IsShim(string name) => IsOne(name, s_shims);

    private static bool IsOne(string name, ImmutableArray<string> names) => names.Any(known => name.StartsWith(known, StringComparison.Ordinal));
}
