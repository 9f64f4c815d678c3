using System.Collections.Immutable;
using CriGuard.Core.Policy.Capabilities;

namespace CriGuard.Core.Workloads;

/// <summary>Compares a running process with the runtime spec that it was started with.</summary>
public static class Drift
{
    private const int FilterMode = 2;

    /// <summary>Processes that hold a whole sandbox: what the kernel says of them says nothing of the container inside.</summary>
    private static readonly string[] Isolators = ["runsc", "qemu-system-", "cloud-hypervisor", "firecracker"];

    /// <summary>True where the process is a gVisor sentry or a hypervisor, so that its own state is no evidence.</summary>
    public static bool IsIsolator(ProcessFacts process)
    {
        string name = process.Executable[(process.Executable.LastIndexOf('/') + 1)..];
        return Isolators.Any(isolator => name.StartsWith(isolator, StringComparison.Ordinal));
    }

    /// <summary>What the process has less of, or more of, than its spec gives it; empty where all is as it must be.</summary>
    public static ImmutableArray<string> Between(EffectiveSpec spec, ProcessFacts process)
    {
        if (IsIsolator(process))
            return [];
        var drift = ImmutableArray.CreateBuilder<string>();
        if (spec.SeccompDefaultAction is not null && process.SeccompMode != FilterMode)
            drift.Add($"seccomp mode is {process.SeccompMode}: the spec has a filter");
        if (spec.NoNewPrivileges && !process.NoNewPrivileges)
            drift.Add("no_new_privs is not set: the spec sets it");
        for (int number = 0; number < CapabilityNames.Count; number++)
        {
            if ((process.Capabilities >> number & 1) == 1 && !spec.Capabilities.Contains("CAP_" + CapabilityNames.Of(number)))
                drift.Add($"holds CAP_{CapabilityNames.Of(number)}: the spec does not give it");
        }
        return drift.ToImmutable();
    }
}
