using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>That /proc and /sys are masked as by default, and what happens to a request for less.</summary>
/// <param name="Fix">The missing paths are added to the request instead of refusing it.</param>
public sealed record ProcMountSetting(bool Fix)
{
    /// <summary>What every kubelet masks; newer ones more, which is added but not asked for.</summary>
    public static ImmutableArray<string> Masked { get; } =
    [
        "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi",
        "/sys/firmware",
    ];

    public static ImmutableArray<string> Readonly { get; } = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
}

/// <summary>The masks of /proc and /sys (T-G1): runtimes take the lists of the request for the whole, and an empty one masks nothing.</summary>
internal static class ProcMountControl
{
    private const string MaskedField = "config.linux.security_context.masked_paths";
    private const string ReadonlyField = "config.linux.security_context.readonly_paths";
    private const string Remedy = "leave `securityContext.procMount` at its default";

    private static ImmutableArray<string> MaskedToo { get; } = ["/proc/asound", "/proc/interrupts", "/sys/devices/virtual/powercap"];

    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        var demands = judgement.Demands(static r => r.ProcMount);
        if (demands.Count == 0)
            return;
        var subject = Words.Container(facts.Name);
        if (facts.Privileged)
        {
            judgement.Report(demands[0].Rule, Control.ProcMount, MaskedField, $"{subject} is privileged: the runtime masks nothing of /proc and /sys");
            return;
        }

        Judge(judgement, demands, MaskedField, $"{subject} does not mask", facts.MaskedPaths, ProcMountSetting.Masked, MaskedToo);
        Judge(judgement, demands, ReadonlyField, $"{subject} does not hold read-only", facts.ReadonlyPaths, ProcMountSetting.Readonly, []);
    }

    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        if (judgement.Demands(static r => r.ProcMount) is not [var demand, ..])
            return;
        var subject = Words.Container(facts.ContainerName);
        var missing = ProcMountSetting.Masked.Except(spec.MaskedPaths).Concat(ProcMountSetting.Readonly.Except(spec.ReadonlyPaths)).ToList();
        if (missing.Count == 0)
            return;
        if (facts.IsPrivileged)
            judgement.Report(
                demand.Rule, Control.ProcMount, "runtimeSpec.linux.maskedPaths", $"{subject} is privileged: it starts with nothing of /proc and /sys masked");
        else
            judgement.Refuse(
                demand.Rule, Control.ProcMount, "runtimeSpec.linux.maskedPaths", $"{subject} would start with {Words.List(missing)} open to it",
                "look for what takes the masks away after the request: runtime configuration, NRI plugins");
    }

    private static void Judge(
        Judgement judgement, List<Demand<ProcMountSetting>> demands, string field, string subject, ImmutableArray<string> asked,
        ImmutableArray<string> standard, ImmutableArray<string> more)
    {
        var missing = standard.Except(asked).ToList();
        if (missing.Count == 0)
            return;
        var message = $"{subject} {Words.List(missing)}";
        if (demands.Find(static d => !d.Setting.Fix) is { Rule: { } refusing })
        {
            judgement.Refuse(refusing, Control.ProcMount, field, message, Remedy);
            return;
        }

        ImmutableArray<string> paths = [.. asked.Union(standard).Union(more)];
        judgement.Change(
            demands[0].Rule, Control.ProcMount, field, message, asked.IsEmpty ? "unset" : string.Join(' ', asked), string.Join(' ', paths),
            field == MaskedField ? new Edit.MaskedPaths(paths) : new Edit.ReadonlyPaths(paths));
    }
}
