using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

/// <summary>Facts of a request after its changes were written into it.</summary>
internal static class Edited
{
    public static ContainerFacts Apply(ContainerFacts facts, Verdict verdict) =>
        verdict.Changes.Aggregate(facts, static (f, change) => change.Edit switch
    {
        Edit.Seccomp e => f with { Seccomp = e.Profile },
        Edit.AppArmor e => f with { AppArmor = e.Profile },
        Edit.Capabilities e => f with { Capabilities = new CapabilityRequest(e.Add, e.Drop, []) },
        Edit.NoNewPrivileges => f with { NoNewPrivileges = true },
        Edit.ReadOnlyRootFilesystem => f with { ReadOnlyRoot = true },
        Edit.MaskedPaths e => f with { MaskedPaths = e.Paths },
        Edit.ReadonlyPaths e => f with { ReadonlyPaths = e.Paths },
        _ => throw new InvalidOperationException($"no change of a container: {change}"),
    });

    public static SandboxFacts Apply(SandboxFacts facts, Verdict verdict) =>
        verdict.Changes.Aggregate(facts, static (f, change) => change.Edit switch
    {
        Edit.Seccomp e => f with { Seccomp = e.Profile },
        Edit.RuntimeHandler e => f with { RuntimeHandler = e.Handler },
        _ => throw new InvalidOperationException($"no change of a sandbox: {change}"),
    });
}
