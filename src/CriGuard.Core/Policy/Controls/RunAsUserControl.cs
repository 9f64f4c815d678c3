using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The user that a container runs as: refused, never changed, since the files in the image belong to some user.</summary>
internal static class RunAsUserControl
{
    private const string Field = "config.linux.security_context.run_as_user";
    private const string SpecField = "runtimeSpec.process.user.uid";

    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        var demands = judgement.Demands(static r => r.RunAsUser);
        if (demands.Count == 0)
            return;
        var (subject, user) = (Words.Container(facts.Name), ResolvedUser.Of(facts.User, facts.Image.User));
        if (user.Id is not { } id)
            judgement.Refuse(demands[0].Rule, Control.RunAsUser, Field, $"{subject} {user.Untold}", $"set `runAsUser` to {demands[0].Setting.Wanted}");
        else if (id is < 0 or > ResolvedUser.Largest)
            judgement.Refuse(
                demands[0].Rule, Control.RunAsUser, Field,
                $"{subject} runs as user {Words.Quote(IdRange.Text(id))}, which is no user: runtimes have cut such numbers to others, 0 among them",
                $"set `runAsUser` to a number up to {IdRange.Text(ResolvedUser.Largest)}");
        else
            Judge(judgement, demands, Field, $"{subject} runs", id);
    }

    /// <summary>A name has become a number here.</summary>
    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec) => Judge(
        judgement, judgement.Demands(static r => r.RunAsUser), SpecField, $"{Words.Container(facts.ContainerName)} would start", spec.UserId);

    private static void Judge(Judgement judgement, List<Demand<RunAsUserSetting>> demands, string field, string runs, long id)
    {
        foreach (var (rule, setting) in demands)
        {
            if (!setting.Allows(id))
                judgement.Refuse(
                    rule, Control.RunAsUser, field, $"{runs} as {(id == 0 ? "root" : $"user {Words.Quote(IdRange.Text(id))}")}",
                    $"set `runAsUser` to {setting.Wanted}");
        }
    }
}
