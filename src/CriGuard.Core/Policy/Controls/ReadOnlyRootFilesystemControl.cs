using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The root filesystem: read-only where a rule requires it; what a program must write belongs into a volume.</summary>
internal static class ReadOnlyRootFilesystemControl
{
    private const string Field = "config.linux.security_context.readonly_rootfs";
    private const string SpecField = "runtimeSpec.root.readonly";

    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        if (!facts.ReadOnlyRoot && judgement.FirstRule(static r => r.RequiresReadOnlyRoot) is { } rule)
            judgement.Change(
                rule, Control.ReadOnlyRootFilesystem, Field, $"{Words.Container(facts.Name)} can write to its root filesystem", "false", "true",
                new Edit.ReadOnlyRootFilesystem());
    }

    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        if (!spec.ReadOnlyRoot && judgement.FirstRule(static r => r.RequiresReadOnlyRoot) is { } rule)
            judgement.Refuse(
                rule, Control.ReadOnlyRootFilesystem, SpecField, $"{Words.Container(facts.ContainerName)} would start with a root filesystem that it can write to",
                "look for what takes it away after the request: runtime configuration, NRI plugins");
    }
}
