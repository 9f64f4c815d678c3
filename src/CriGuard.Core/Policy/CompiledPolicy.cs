using System.Collections.Immutable;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>A policy that holds together, ready to judge: immutable, and swapped as a whole.</summary>
public sealed class CompiledPolicy
{
    private readonly ImmutableArray<Rule> _enforced;
    private readonly ImmutableArray<Rule> _audited;

    internal CompiledPolicy(
        UnknownMethods unknownMethods, Unaccounted unaccounted, HandlerTable handlers, StepUpSetting? stepUp, IEnumerable<Rule> rules, IEnumerable<ExceptionEntry> exceptions)
    {
        UnknownMethods = unknownMethods;
        Unaccounted = unaccounted;
        Handlers = handlers;
        StepUp = stepUp;
        Rules = [.. rules.OrderBy(static r => r.Name, StringComparer.Ordinal)];
        _enforced = [.. Rules.Where(static r => r.Mode == RuleMode.Enforce)];
        _audited = [.. Rules.Where(static r => r.Mode == RuleMode.Audit)];
        Exceptions = [.. exceptions.OrderBy(static e => e.Name, StringComparer.Ordinal)];
        NeedsImageNames = Rules.Any(static r => r.Images is not null || NamesImages(r.Match)) || Exceptions.Any(static e => NamesImages(e.Match));
        JudgesAccess = Rules.Any(static r => ControlTable.Rows.Any(row => row.OfAccess && row.IsDemanded(r)));
        NeedsNeighbours = Rules.Any(static r => r.LateContainers is not null);
        Revision = CanonicalForm.Digest(this);
    }

    /// <summary>Refuses and changes nothing but what contradicts itself.</summary>
    public static CompiledPolicy AllowAll { get; } = new(UnknownMethods.Relay, Unaccounted.Report, HandlerTable.Empty, stepUp: null, [], []);

    /// <summary>First 12 hexadecimal digits of the SHA-256 of the policy's meaning: comments, order and layout of files do not count.</summary>
    public string Revision { get; }

    public UnknownMethods UnknownMethods { get; }

    public Unaccounted Unaccounted { get; }

    /// <summary>The runtime handlers that it knows.</summary>
    public HandlerTable Handlers { get; }

    /// <summary>After which incidents the daemon adds step-ups by itself; null where it does not.</summary>
    public StepUpSetting? StepUp { get; }

    /// <summary>By name, those of the floor among them.</summary>
    public ImmutableArray<Rule> Rules { get; }

    /// <summary>By name.</summary>
    public ImmutableArray<ExceptionEntry> Exceptions { get; }

    /// <summary>True where a decision on this sandbox depends on <see cref="NodeFacts.RuntimeHandlers"/>.</summary>
    public bool NeedsHandlers(NodeFacts node, SandboxFacts sandbox) =>
        Rules.Any(r => r.Sandbox is not null && r.Match.Covers(Subject.Of(node, sandbox)));

    /// <summary>True where findings tell what a workload's own seccomp file is worth.</summary>
    public bool WeighsSeccompFiles => Rules.Any(static r => r.SeccompBase is not null || r.Seccomp is not null);

    /// <summary>True where a decision depends on <see cref="NodeFacts.SeccompFiles"/>.</summary>
    public bool NeedsSeccompFiles => Rules.Any(static r => r.SeccompBase is not null);

    /// <summary>Files that rules give as profiles.</summary>
    public IEnumerable<string> SeccompFiles =>
        Rules.Select(static r => r.Seccomp).OfType<SecurityProfile>().Where(static p => p.Kind == SecurityProfileKind.Localhost).Select(static p => p.Reference);

    /// <summary>True where any rule is about calls that enter, resize or checkpoint a workload.</summary>
    public bool JudgesAccess { get; }

    /// <summary>True where a decision on this call depends on <see cref="AccessFacts.Privileged"/>.</summary>
    public bool NeedsPrivilege(AccessFacts facts) => Rules.Any(r => r.Access?.Of(facts.Method) == Controls.AccessDemand.DenyPrivileged);

    /// <summary>True where a decision depends on <see cref="ContainerFacts.Neighbours"/>.</summary>
    public bool NeedsNeighbours { get; }

    /// <summary>True where a decision depends on <see cref="ImageFacts.Names"/>.</summary>
    public bool NeedsImageNames { get; }

    /// <summary>True where a decision depends on <see cref="ImageFacts.User"/>.</summary>
    public bool NeedsImageUser => Rules.Any(static r => r.RunAsUser is not null);

    /// <summary>The same with every audit rule enforced: what it will decide once all of it is meant.</summary>
    public CompiledPolicy Enforced() =>
        new(UnknownMethods, Unaccounted, Handlers, StepUp, Rules.Select(static r => r with { Mode = RuleMode.Enforce }), Exceptions);

    /// <summary>The rules of one mode that match, as exceptions leave them.</summary>
    internal Judgement Judgement(RuleMode mode, NodeFacts node, Subject subject)
    {
        var (rules, findings) = (new List<Rule>(), new List<Finding>());
        HashSet<string>? later = null;
        foreach (var rule in mode == RuleMode.Enforce ? _enforced : _audited)
        {
            if (!rule.Match.Covers(subject))
                continue;
            if (node.Now >= rule.Expires)
            {
                findings.AddRange(Expired(rule, subject));
                continue;
            }

            rules.Add(rule);
            if (subject.Resent is not null && !rule.Match.CoversPinned(subject))
                (later ??= new(StringComparer.Ordinal)).Add(rule.Name);
        }

        return new Judgement(mode, Loosening.Apply(this, node, subject, mode, rules, findings), findings) { Later = later ?? (IReadOnlySet<string>)ImmutableHashSet<string>.Empty };
    }

    /// <summary>Said where it would have been applied.</summary>
    private static IEnumerable<Finding> Expired(Rule rule, Subject subject) =>
        ControlTable.Rows.Where(row => row.OfAccess == subject.IsAccess && row.IsDemanded(rule)).Take(1).Select(row => new Finding(
            rule.Name, row.Control, rule.Mode, Effect.Report, "",
            $"rule expired at {rule.Expires!.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'} and is not applied: take it out, or set a later `expires`", Remedy: ""));

    private static bool NamesImages(Match match) => !match.Images.IsEmpty || !match.ImageDigests.IsEmpty;
}
