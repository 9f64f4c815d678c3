using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Workloads;
using FsCheck;

namespace CriGuard.Core.Tests.Policy;

/// <summary>What must hold for all rules and all facts; each decision is looked at for every kind of judged call.</summary>
public sealed class EnginePropertyTests
{
    private static readonly Gen<Case> Cases =
        from rules in Arbitrary.Rules
        from node in Arbitrary.Node
        from sandbox in Arbitrary.Sandbox
        from container in Arbitrary.Container
        from start in Arbitrary.Start
        from access in Arbitrary.Access
        from restore in Arbitrary.Restore
        select new Case(rules, node, sandbox, container, start, access, restore);

    [Fact]
    public void The_order_of_rules_never_matters() => Holds(static c =>
    {
        var (straight, reversed) = (Given.Compile(c.Rules), Given.Compile(c.Rules.Reverse()));
        Assert.Equal(c.Verdicts(straight).Select(Text), c.Verdicts(reversed).Select(Text));
    });

    /// <summary>Stronger than for the verdict as a whole: what one control refuses, it refuses still.</summary>
    [Fact]
    public void Adding_a_rule_never_turns_a_refusal_into_a_permit() => Holds(static c =>
    {
        if (c.Rules.Length == 0)
            return;
        var (fewer, all) = (c.Verdicts(Given.Compile(c.Rules[1..])), c.Verdicts(Given.Compile(c.Rules)));
        foreach (var (before, after) in fewer.Zip(all))
            Assert.Subset(Refusing(after), Refusing(before));
    });

    [Fact]
    public void Evaluating_a_changed_request_yields_no_further_change() => Holds(static c =>
    {
        var policy = Given.Compile(c.Rules);
        foreach (var change in Engine.Evaluate(policy, c.Node, Edited.Apply(c.Container, Engine.Evaluate(policy, c.Node, c.Container))).Changes)
            Assert.Fail($"changed again: {change}");
        foreach (var change in Engine.Evaluate(policy, c.Node, Edited.Apply(c.Sandbox, Engine.Evaluate(policy, c.Node, c.Sandbox))).Changes)
            Assert.Fail($"changed again: {change}");
    });

    [Fact]
    public void Audit_rules_never_change_or_refuse() => Holds(static c =>
    {
        var (audited, none) = (Given.Compile(c.Rules.Select(static r => r with { Mode = RuleMode.Audit })), Given.Compile([]));
        foreach (var (verdict, without) in c.Verdicts(audited).Zip(c.Verdicts(none)))
        {
            Assert.Equal(without.IsRefusal, verdict.IsRefusal);
            Assert.Empty(verdict.Changes);
        }
    });

    [Fact]
    public void Audit_rules_never_alter_what_enforced_rules_do() => Holds(static c =>
    {
        var (all, enforced) = (Given.Compile(c.Rules), Given.Compile(c.Rules.Where(static r => r.Mode == RuleMode.Enforce)));
        foreach (var (one, other) in c.Verdicts(all).Zip(c.Verdicts(enforced)))
        {
            Assert.Equal(other.Findings, one.Findings.Where(static f => f.Mode == RuleMode.Enforce));
            Assert.Equal(Text(other with { Revision = "", Findings = [] }), Text(one with { Revision = "", Findings = [] }));
        }
    });

    [Fact]
    public void A_verdict_keeps_its_promises() => Holds(static c =>
    {
        foreach (var verdict in c.Verdicts(Given.Compile(c.Rules)))
        {
            Assert.False(verdict.IsRefusal && verdict.Changes.Length > 0, "a refusal has changes");
            Assert.Equal(verdict.Changes.Length, verdict.Changes.Select(static change => change.Field).Distinct().Count());
            Assert.All(verdict.Findings.Where(static f => f.Effect == Effect.Refuse), static f => Assert.NotEmpty(f.Remedy));
            Assert.All(verdict.Changes, change => Assert.Contains(verdict.Findings, f => f.Control == change.Control && f.Effect == Effect.Change));
        }
    });

    [Fact]
    public void No_change_gives_a_capability_that_was_not_asked_for() => Holds(static c =>
    {
        var verdict = Engine.Evaluate(Given.Compile(c.Rules), c.Node, c.Container);
        var (before, after) = (Held(c.Container), Held(Edited.Apply(c.Container, verdict)));
        Assert.True(after.IsSubsetOf(before), $"{string.Join(' ', before)} became {string.Join(' ', after)}");
    });

    [Fact]
    public void Nothing_that_ends_a_workload_is_ever_refused() => Holds(static c =>
        Assert.False(Engine.Evaluate(Given.Compile(c.Rules), c.Node, c.Access with { Ends = true, Unknown = false }).IsRefusal));

    /// <summary>A pod that the runtime does not tell may be any: what is refused of a known one is refused then too.</summary>
    [Fact]
    public void T_E1_a_runtime_that_tells_less_never_opens_a_workload() => Holds(static c =>
    {
        var policy = Given.Compile(c.Rules);
        var untold = c.Access with { Sandbox = null, ContainerName = null, Image = null, Privileged = null };
        Assert.Subset(Refusing(Engine.Evaluate(policy, c.Node, untold)), Refusing(Engine.Evaluate(policy, c.Node, c.Access)));
    });

    [Fact]
    public void T_P3_what_is_refused_apart_is_refused_when_it_is_restored_together() => Holds(static c =>
    {
        var policy = Given.Compile(c.Rules);
        var restored = Engine.Evaluate(policy, c.Node, c.Restore);
        Verdict[] apart =
        [
            Engine.Evaluate(policy, c.Node, c.Restore.Sandbox), .. c.Restore.Containers.Select(container => Engine.Evaluate(policy, c.Node, container)),
        ];
        Assert.Empty(restored.Changes);
        foreach (var verdict in apart)
            Assert.Subset(Refusing(restored), new HashSet<Control>([.. Refusing(verdict), .. verdict.Changes.Select(static change => change.Control)]));
    });

    private static HashSet<Control> Refusing(Verdict verdict) =>
        [.. verdict.Findings.Where(static f => f is { Mode: RuleMode.Enforce, Effect: Effect.Refuse }).Select(static f => f.Control)];

    /// <summary>As a runtime does it that understands every spelling.</summary>
    private static ImmutableHashSet<string> Held(ContainerFacts facts)
    {
        string[] adds = [.. facts.Capabilities.Add, .. facts.Capabilities.AddAmbient];
        bool IsAll(string name) => name.Equals("ALL", StringComparison.OrdinalIgnoreCase);
        var start = facts.Capabilities.Drop.Any(IsAll) ? CapabilitySet.Empty : adds.Any(IsAll) ? CapabilitySet.All : CapabilitySet.RuntimeDefault;
        return [.. (start | CapabilitySet.Of(adds)).Except(CapabilitySet.Of([.. facts.Capabilities.Drop])).Names()];
    }

    private static string Text(Verdict verdict) =>
        $"{string.Join('\n', verdict.Findings)}\n{string.Join('\n', verdict.Changes.Select(static c => $"{c.Rule} {c.Field} {c.Before} {c.After}"))}";

    private static void Holds(Action<Case> property) =>
        Prop.ForAll(Arb.From(Cases), property).Check(
            new Configuration { MaxNbOfTest = 1500, EndSize = 20, QuietOnSuccess = true, Runner = Config.QuickThrowOnFailure.Runner });

    private sealed record Case(Rule[] Rules, NodeFacts Node, SandboxFacts Sandbox, ContainerFacts Container, StartFacts Start, AccessFacts Access, RestoreFacts Restore)
    {
        public Verdict[] Verdicts(CompiledPolicy policy) =>
        [
            Engine.Evaluate(policy, Node, Sandbox), Engine.Evaluate(policy, Node, Container), Engine.Evaluate(policy, Node, Start),
            Engine.Evaluate(policy, Node, Access), Engine.Evaluate(policy, Node, Restore),
        ];
    }
}
