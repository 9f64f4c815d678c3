using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Benchmarks.Judging;

/// <summary>The policy of a large company's node: a floor, a rule for each of a hundred teams, a few for all, and twenty exceptions.</summary>
internal static class LargePolicy
{
    private const int Teams = 96;
    private const int Exceptions = 20;

    public static CompiledPolicy Compile()
    {
        var reading = PolicyCompiler.Compile(
        [
            new PolicyDocument
            {
                Name = "large",
                Floor = new Rule { Name = "floor", IsFloor = true, Seccomp = SecurityProfile.RuntimeDefault },
                Rules = [.. Enumerable.Range(0, Teams).Select(Team), .. ForAll()],
                Exceptions = [.. Enumerable.Range(0, Exceptions).Select(Exception)],
            },
        ]);
        return reading.Policy ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
    }

    private static Rule Team(int number) => new()
    {
        Name = $"team-{number}",
        Match = new Match { Namespaces = [new Glob($"team-{number}-*")], PodLabels = Match.Everything.PodLabels.Add("app", "*") },
        Capabilities = new CapabilitySetting(CapabilitySet.RuntimeDefault, CapabilityAction.Fix),
        DeniesPrivileged = true,
    };

    private static IEnumerable<Rule> ForAll() =>
    [
        new() { Name = "all-hosts", HostNamespaces = HostNamespacesSetting.All },
        new() { Name = "all-privileges", RequiresNoNewPrivileges = true, DeniesPrivileged = true },
        new() { Name = "all-profiles", AppArmor = SecurityProfile.RuntimeDefault },
        new() { Name = "all-watched", Mode = RuleMode.Audit, Capabilities = new CapabilitySetting(CapabilitySet.Empty, CapabilityAction.Fix) },
    ];

    private static ExceptionEntry Exception(int number) => new()
    {
        Name = $"exception-{number}",
        Control = Control.Capabilities,
        Match = new Match { Namespaces = [new Glob($"team-{number}-agents")] },
        Allow = ["NET_ADMIN"],
        Reason = "programs the network",
        Owner = "platform",
        Expires = DateTimeOffset.MaxValue,
    };
}
