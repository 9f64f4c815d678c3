using CriGuard.Core.Policy;
using CriGuard.Store.Policies;

namespace CriGuard.Store.Tests.Policies;

public sealed class ShippedPolicyTests
{
    [Fact]
    public void The_audit_policy_reads_and_only_audits()
    {
        var policy = Read("audit.yaml");
        Assert.All(policy.Rules, static r => Assert.Equal(RuleMode.Audit, r.Mode));
        Assert.Equal(Match.Everything, Assert.Single(policy.Rules).Match);
    }

    [Fact]
    public void The_baseline_policy_reads_and_enforces_on_named_workloads_only()
    {
        var policy = Read("baseline.yaml");
        var enforced = policy.Rules.Where(static r => r.Mode == RuleMode.Enforce).ToList();
        Assert.Equal(["gvisor-by-label", "tenants"], enforced.Select(static r => r.Name));
        Assert.All(enforced, static r => Assert.NotEqual(Match.Everything, r.Match));
    }

    private static CompiledPolicy Read(string file)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "CriGuard.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("no CriGuard.sln above the tests");
        var reading = PolicyReader.Read(Path.Combine(root, "profiles", "policies", file));
        Assert.Empty(reading.Errors);
        return reading.Policy!;
    }
}
