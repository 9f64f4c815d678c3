using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Bases;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The profile of one workload: the bases of all rules, and its own, in one file that allows no more than any of them.</summary>
internal sealed class SeccompComposition(Judgement judgement, NodeFacts node, string subject, CapabilitySet held, string field)
{
    private const string Remedy = "put the profile into the kubelet's `seccomp` directory, or ask for `RuntimeDefault`";

    public void Judge(List<Demand<SeccompDemand>> demands, SecurityProfile? asked)
    {
        var based = demands.FindAll(static d => d.Setting.Base is not null);
        var rule = based[0].Rule;
        var bases = based.SelectMany(static d => d.Setting.Base!.Bases).ToHashSet(StringComparer.Ordinal);
        if (node.Seccomp is not { } composes)
        {
            judgement.Refuse(rule, Control.Seccomp, field, $"{subject} needs a composed seccomp profile, and this node does not say for which kernel", "look at the daemon's log");
            return;
        }

        if (asked?.Kind == SecurityProfileKind.Localhost && based.Find(static d => d.Setting.Base!.RefusesOwn) is { Rule: not null } refusing)
        {
            judgement.Refuse(refusing.Rule, Control.Seccomp, field, $"{subject} asks for a seccomp profile of its own, {Words.Quote(asked.Reference)}", "ask for `RuntimeDefault`");
            return;
        }

        if (!TryOwn(demands, asked, bases, rule, out var own))
            return;
        var context = new ProfileContext(held, composes.Machine, composes.Kernel);
        var composed = composes.Composer.Compose(bases, own, context);
        if (own is not null)
            SeccompWeight.Report(judgement, rule, field, subject, own, context, "would allow");
        if (!composed.TooFine.IsEmpty)
            judgement.Report(
                rule, Control.Seccomp, field, $"of the seccomp profile of {subject} conditions on {Words.List(composed.TooFine)} do not fit into one filter: these are denied");

        // What was composed already comes back as it is where it is asked for.
        if (own?.Digest == composed.Digest && own.Path == composes.PathOf(composed))
            return;
        var given = SecurityProfile.Localhost(composes.PathOf(composed));
        var what = string.Join(", ", bases.Order(StringComparer.Ordinal).Select(Words.Quote));
        var with = own is null ? "" : $" and {Words.Quote(own.Path)} (sha256 {own.Digest})";
        judgement.Change(
            rule, Control.Seccomp, field, $"{subject} asks for {Asked(asked)}: it is held to {what}{with}", asked?.ToString() ?? "unset", given.ToString(),
            new Edit.Seccomp(given) { File = composed });
    }

    /// <summary>The file that is composed in, its own or the one that a rule gives; false where it cannot be used, or is not one.</summary>
    private bool TryOwn(List<Demand<SeccompDemand>> demands, SecurityProfile? asked, HashSet<string> bases, string rule, out LocalProfile? own)
    {
        own = null;
        if (asked is null or { Kind: SecurityProfileKind.Unconfined })
        {
            var given = demands.FindAll(static d => d.Setting.Given is not null).ConvertAll(static d => new Demand<SecurityProfile>(d.Rule, d.Setting.Given!));
            if (given.Count == 0)
                return true;
            if (ProfileDemands.Combine(given).Contradicting is not null)
            {
                ProfileDemands.Give(judgement, given, Control.Seccomp, field, subject, asked, static profile => new Edit.Seccomp(profile));
                return false;
            }

            (rule, asked) = (ProfileDemands.Combine(given).Strictest.Rule, ProfileDemands.Combine(given).Strictest.Setting);
        }

        if (asked.Kind == SecurityProfileKind.RuntimeDefault)
        {
            bases.Add(SeccompCatalog.Default);
            return true;
        }

        own = node.SeccompFiles.GetValueOrDefault(asked.Reference) ?? LocalProfile.Unusable(asked.Reference, "it was not looked at");
        if (own.Profile is not null)
            return true;
        judgement.Refuse(rule, Control.Seccomp, field, $"{subject} asks for seccomp profile {Words.Quote(asked.Reference)}, which cannot be used: {own.Problem}", Remedy);
        return false;
    }

    private static string Asked(SecurityProfile? asked) => asked is null ? "no seccomp profile" : $"seccomp {Words.Quote(asked.ToString())}";
}
