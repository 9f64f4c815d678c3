using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using FsCheck;

namespace CriGuard.Core.Tests.Policy;

/// <summary>What must hold of exceptions and the floor for all rules and all facts.</summary>
public sealed class ExceptionPropertyTests
{
    private static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<ExceptionEntry> Exceptions =
        from control in Gen.Elements(Control.Privileged, Control.Capabilities, Control.HostNamespaces, Control.NoNewPrivileges, Control.Seccomp, Control.AppArmor,
            Control.Devices, Control.Annotations, Control.Images, Control.RuntimeHandlers, Control.Resources)
        from space in Gen.Elements("*", "shop", "kube-system")
        from allowed in Gen.SubListOf("CHOWN", "SYS_ADMIN", "BPF")
        from floor in Gen.Elements(false, false, true)
        from days in Gen.Elements(-1, 0, 1, 1, 1)
        select new ExceptionEntry
        {
            Name = "",
            Control = control,
            Match = new Match { Namespaces = [new Glob(space)] },
            Allow = control == Control.Capabilities ? [.. allowed] : [],
            Floor = floor,
            Reason = "r",
            Owner = "o",
            Expires = s_now.AddDays(days),
        };

    private static readonly Gen<Case> Cases =
        from rules in Arbitrary.Rules
        from floors in Gen.ListOf(Gen.Elements(false, false, true))
        from exceptions in Gen.ListOf(Exceptions)
        from node in Arbitrary.Node
        from sandbox in Arbitrary.Sandbox
        from container in Arbitrary.Container
        from start in Arbitrary.Start
        select new Case(
            [.. rules.Select((r, i) => r with { IsFloor = floors.ElementAtOrDefault(i), Mode = RuleMode.Enforce })],
            [.. exceptions.Take(4).Select(static (e, i) => e with { Name = $"e{i}" })],
            node with { Now = s_now },
            sandbox,
            container,
            start);

    [Fact]
    public void An_exception_never_adds_a_refusal_or_a_change() => Holds(static c =>
    {
        foreach (var (strict, loose) in c.Verdicts([]).Zip(c.Verdicts(c.Exceptions)))
        {
            // Controls that are refused may become changes: what a rule with less allowed refuses, one with more only cuts.
            Assert.Subset(Refusing(strict), Refusing(loose));
            Assert.True(strict.IsRefusal || !loose.IsRefusal);
        }
    });

    [Fact]
    public void An_expired_exception_only_reports() => Holds(static c =>
    {
        ImmutableArray<ExceptionEntry> expired = [.. c.Exceptions.Select(static e => e with { Expires = s_now })];
        foreach (var (without, with) in c.Verdicts([]).Zip(c.Verdicts(expired)))
        {
            Assert.Equal(Acting(without), Acting(with));
            Assert.All(with.Findings.Where(static f => f.Rule.StartsWith('e')), static f => Assert.Contains("expired", f.Message, StringComparison.Ordinal));
        }
    });

    [Fact]
    public void The_floor_is_reached_only_by_exceptions_that_say_so() => Holds(static c =>
    {
        Rule[] floor = [.. c.Rules.Where(static r => r.IsFloor)];
        ImmutableArray<ExceptionEntry> ordinary = [.. c.Exceptions.Select(static e => e with { Floor = false })];
        foreach (var (alone, all) in (c with { Rules = floor }).Verdicts([]).Zip(c.Verdicts(ordinary)))
            Assert.Subset(Refusing(all), Refusing(alone));
    });

    [Fact]
    public void The_order_of_exceptions_never_matters() => Holds(static c =>
    {
        foreach (var (straight, reversed) in c.Verdicts(c.Exceptions).Zip(c.Verdicts([.. c.Exceptions.Reverse()])))
            Assert.Equal(straight.Findings.AsEnumerable(), reversed.Findings.AsEnumerable());
    });

    [Fact]
    public void T_K5_an_exception_hangs_on_nothing_that_the_request_sends_again() => Holds(static c =>
    {
        var policy = c.Policy(c.Exceptions);
        var honest = Engine.Evaluate(policy, c.Node, c.Container with { Resent = null });
        var lying = c.Container with { Resent = (c.Container.Resent ?? c.Container.Sandbox) with { Pod = c.Container.Sandbox.Pod with { Namespace = "kube-system" } } };
        Assert.Subset(Refusing(Engine.Evaluate(policy, c.Node, lying)), Refusing(honest));
    });

    private static HashSet<Control> Refusing(Verdict verdict) =>
        [.. verdict.Findings.Where(static f => f is { Mode: RuleMode.Enforce, Effect: Effect.Refuse }).Select(static f => f.Control)];

    private static IEnumerable<Finding> Acting(Verdict verdict) => verdict.Findings.Where(static f => !f.Rule.StartsWith('e'));

    private static void Holds(Action<Case> property) =>
        Prop.ForAll(Arb.From(Cases), property).Check(
            new Configuration { MaxNbOfTest = 1000, EndSize = 20, QuietOnSuccess = true, Runner = Config.QuickThrowOnFailure.Runner });

    private sealed record Case(
        Rule[] Rules, ImmutableArray<ExceptionEntry> Exceptions, NodeFacts Node, SandboxFacts Sandbox, ContainerFacts Container, StartFacts Start)
    {
        /// <summary>A document for each rule of the floor; exceptions that the compiler would call pointless are left out.</summary>
        public CompiledPolicy Policy(ImmutableArray<ExceptionEntry> exceptions)
        {
            var first = new PolicyDocument
            {
                Name = "test",
                Handlers = Given.Handlers,
                Rules = [.. Rules.Where(static r => !r.IsFloor)],
                Exceptions = [.. exceptions.Where(IsOfUse)],
            };
            var floors = Rules.Where(static r => r.IsFloor).Select(static r => new PolicyDocument { Name = "floor", Floor = r });
            var reading = PolicyCompiler.Compile([first, .. floors]);
            Assert.Empty(reading.Errors);
            return reading.Policy!;
        }

        private bool IsOfUse(ExceptionEntry exception) =>
            Rules.Any(r => (exception.Floor || !r.IsFloor) && r.Controls().Contains(exception.Control));

        public Verdict[] Verdicts(ImmutableArray<ExceptionEntry> exceptions)
        {
            var policy = Policy(exceptions);
            return [Engine.Evaluate(policy, Node, Sandbox), Engine.Evaluate(policy, Node, Container), Engine.Evaluate(policy, Node, Start)];
        }
    }
}
