using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;

namespace CriGuard.Core.Policy.Controls;

/// <summary>What the file of a workload's own profile is worth (T-S4).</summary>
internal static class SeccompWeight
{
    /// <param name="judgement">Of the rule.</param>
    /// <param name="rule">Whose finding it is.</param>
    /// <param name="field">Where it is asked for.</param>
    /// <param name="subject">Who asks.</param>
    /// <param name="own">A file that was read.</param>
    /// <param name="context">The container and the node.</param>
    /// <param name="allows">`would allow` where a base is put under it.</param>
    public static void Report(Judgement judgement, string rule, string field, string subject, LocalProfile own, ProfileContext context, string allows)
    {
        var filter = FilterOfProfile.Of(own.Profile!, context);
        if (WatchList.IsNothing(filter))
            judgement.Report(rule, Control.Seccomp, field, $"seccomp profile {Words.Quote(own.Path)} of {subject} denies nothing that a profile is for");
        else if (WatchList.Permitted(filter) is { IsEmpty: false } permitted)
            judgement.Report(rule, Control.Seccomp, field, $"seccomp profile {Words.Quote(own.Path)} of {subject} {allows} {Words.List(permitted)}");
    }
}
