using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>How several rules that give a profile combine: a named profile goes before the runtime's own.</summary>
internal static class ProfileDemands
{
    /// <summary>The strictest demand, and one that contradicts it: of two named profiles neither is known to be stricter.</summary>
    public static (Demand<SecurityProfile> Strictest, Demand<SecurityProfile>? Contradicting) Combine(List<Demand<SecurityProfile>> demands)
    {
        var named = demands.FindAll(static d => d.Setting.Kind == SecurityProfileKind.Localhost);
        if (named.Count == 0)
            return (demands[0], null);
        var other = named.FindIndex(d => d.Setting != named[0].Setting);
        return (named[0], other < 0 ? null : named[other]);
    }

    /// <summary>The finding, with or without its change, for a workload that runs without a profile.</summary>
    public static void Give(
        Judgement judgement, List<Demand<SecurityProfile>> demands, Control control, string field, string subject, SecurityProfile? asked,
        Func<SecurityProfile, Edit> edit)
    {
        var (strictest, contradicting) = Combine(demands);
        var (rule, profile) = strictest;
        var kind = control == Control.AppArmor ? "AppArmor" : "seccomp";
        if (contradicting is { } other)
        {
            var (rules, profiles) = (Words.List([rule, other.Rule]), Words.List([profile.Reference, other.Setting.Reference]));
            judgement.Refuse(
                rule, control, field, $"{subject} needs one {kind} profile, and rules {rules} give {profiles}",
                "ask for a profile in the pod, or let one of the rules match less");
            return;
        }

        var asks = asked is null ? $"no {kind} profile" : $"{kind} {Words.Quote(asked.ToString())}";
        judgement.Change(rule, control, field, $"{subject} asks for {asks}", asked?.ToString() ?? "unset", profile.ToString(), edit(profile));
    }
}
