using CriGuard.Core.Sandboxes;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>Processes that hold a whole sandbox, gVisor's sentry or a hypervisor: what the kernel says of them says nothing of the container inside (T-S11).</summary>
public static class Isolator
{
    /// <summary>Whether it is named as one; a container can name its own programs so too.</summary>
    public static bool IsNamed(string executable)
    {
        var name = NameOf(executable);
        return SandboxProcess.IsSentry(name) || SandboxProcess.IsMonitor(name) || SandboxProcess.IsKata(name);
    }

    /// <summary>Whether it is one: named so, and run from a file of the node that no container can have put there.</summary>
    public static bool Is(ProcessFacts process) => process.IsFileOfTheNode && IsNamed(process.Executable);

    /// <summary>What of its spec such a process does not apply, or what cannot be seen from here; empty for any other.</summary>
    public static string NotApplied(ProcessFacts process)
    {
        if (!Is(process))
            return "";
        if (!SandboxProcess.IsSentry(NameOf(process.Executable)))
            return "a virtual machine: seccomp, AppArmor, capabilities, user and namespaces of the spec are its agent's to apply, and this kernel does not see them";
        var filter = process.Arguments.Any(static a => a is "--oci-seccomp" or "--oci-seccomp=true") ? "applies the spec's seccomp filter inside" : "does not apply the spec's seccomp filter";
        return $"gVisor: it {filter}, and no AppArmor or SELinux profile; capabilities, user, masks and namespaces hold inside, and this kernel does not see them";
    }

    private static string NameOf(string executable) => executable[(executable.LastIndexOf('/') + 1)..];
}
