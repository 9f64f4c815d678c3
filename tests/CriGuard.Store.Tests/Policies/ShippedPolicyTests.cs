using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Store.Policies;

namespace CriGuard.Store.Tests.Policies;

public sealed class ShippedPolicyTests
{
    [Fact]
    public void The_audit_policy_reads_and_only_audits()
    {
        var policy = Read("audit.yaml");
        Assert.All(policy.Rules, static r => Assert.Equal(RuleMode.Audit, r.Mode));
        Assert.All(policy.Rules, static r => Assert.Equal(Match.Everything, r.Match));
    }

    [Fact]
    public void The_baseline_policy_reads_and_enforces_on_named_workloads_only()
    {
        var policy = Read("baseline.yaml");
        var enforced = policy.Rules.Where(static r => r.Mode == RuleMode.Enforce).ToList();
        Assert.Equal(["gvisor-by-label", "tenants"], enforced.Select(static r => r.Name).Distinct());
        Assert.All(enforced, static r => Assert.NotEqual(Match.Everything, r.Match));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_policy_reads_without_an_error(string file) => Assert.NotEmpty(Read(file).Rules);

    public static TheoryData<string> Shipped() => [.. Directory.GetFiles(Folder(), "*.yaml").Select(static f => Path.GetFileName(f))];

    [Theory]
    [InlineData("restricted.yaml")]
    [InlineData("multi-tenant.yaml")]
    public void Tenants_are_held_to_the_hardened_base_load_no_modules_and_start_with_nothing_that_was_not_asked_for(string file)
    {
        var tenants = Read(file).Rules.Where(static r => r is { Name: "tenants", Mode: RuleMode.Enforce }).ToList();
        Assert.Equal(["default", "no-modules"], tenants.SelectMany(static r => r.SeccompBase?.Bases ?? []).Order(StringComparer.Ordinal));
        Assert.Contains(tenants, static r => r.DeniesDrift);
    }

    [Fact]
    public void The_multi_tenant_policy_has_a_floor_and_never_runs_the_untrusted_under_less_than_gvisor()
    {
        var policy = Read("multi-tenant.yaml");
        Assert.Equal(RuleMode.Enforce, Assert.Single(policy.Rules, static r => r.IsFloor).Mode);
        Assert.Contains(policy.Rules, static r => r is { Name: "untrusted", Mode: RuleMode.Enforce, Sandbox.Level: IsolationLevel.Gvisor });
    }

    /// <summary>The examples in comments are what an administrator will begin with.</summary>
    [Fact]
    public void The_commented_exceptions_of_the_multi_tenant_policy_hold_together()
    {
        var text = File.ReadAllText(Path.Combine(Folder(), "multi-tenant.yaml"));
        var at = text.IndexOf("# exceptions:", StringComparison.Ordinal);
        using var directory = new PolicyDirectory();
        var policy = directory.Write("p.yaml", text[..at] + text[at..].Replace("# ", "", StringComparison.Ordinal)).Policy();
        Assert.Equal(4, policy.Exceptions.Length);
    }

    private static string Folder()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "CriGuard.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("no CriGuard.sln above the tests");
        return Path.Combine(root, "profiles", "policies");
    }

    private static CompiledPolicy Read(string file)
    {
        var reading = PolicyReader.Read(Path.Combine(Folder(), file));
        Assert.Empty(reading.Errors);
        return reading.Policy!;
    }
}
