using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>A policy that holds together, ready to judge: immutable, and swapped as a whole.</summary>
public sealed class CompiledPolicy
{
    internal CompiledPolicy(UnknownMethods unknownMethods, ImmutableArray<string> handlers, IEnumerable<Rule> rules)
    {
        UnknownMethods = unknownMethods;
        Handlers = handlers;
        Rules = [.. rules.OrderBy(static r => r.Name, StringComparer.Ordinal)];
        Revision = CanonicalForm.Digest(this);
    }

    /// <summary>Refuses and changes nothing but what contradicts itself.</summary>
    public static CompiledPolicy AllowAll { get; } = new(UnknownMethods.Relay, [], []);

    /// <summary>First 12 hexadecimal digits of the SHA-256 of the policy's meaning: comments, order and layout of files do not count.</summary>
    public string Revision { get; }

    public UnknownMethods UnknownMethods { get; }

    /// <summary>Runtime handlers by isolation, weakest first.</summary>
    public ImmutableArray<string> Handlers { get; }

    /// <summary>By name.</summary>
    public ImmutableArray<Rule> Rules { get; }

    /// <summary>True where a decision on this sandbox depends on <see cref="NodeFacts.RuntimeHandlers"/>.</summary>
    public bool NeedsHandlers(SandboxFacts sandbox) => Rules.Any(r => r.Sandbox is not null && r.Match.Covers(sandbox));

    /// <summary>True where a decision depends on <see cref="ImageFacts.Names"/>.</summary>
    public bool NeedsImageNames => Rules.Any(static r => !r.Match.Images.IsEmpty);

    internal List<Rule> Matching(RuleMode mode, Func<Match, bool> covers)
    {
        var rules = new List<Rule>();
        foreach (var rule in Rules)
        {
            if (rule.Mode == mode && covers(rule.Match))
                rules.Add(rule);
        }

        return rules;
    }
}
