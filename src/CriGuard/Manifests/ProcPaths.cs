using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>What of `/proc` and `/sys` is hidden or read-only (kubernetes, pkg/securitycontext/util.go).</summary>
internal static class ProcPaths
{
    private static readonly string[] Masked =
    [
        "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
        "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
    ];

    private static readonly string[] Readonly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static void Write(LinuxContainerSecurityContext context, Field procMount)
    {
        if (procMount.Text == "Unmasked")
            return;
        if (procMount.Text is not (null or "Default"))
            procMount.Fail($"`{procMount.Path}` is `{procMount.Text}`: write one of `Default`, `Unmasked`");
        context.MaskedPaths.Add(Masked);
        context.ReadonlyPaths.Add(Readonly);
    }
}
