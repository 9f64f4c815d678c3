using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>Composes documents into one policy, or says everything that does not hold together between their parts.</summary>
public static class PolicyCompiler
{
    public static PolicyReading Compile(IReadOnlyCollection<PolicyDocument> documents)
    {
        List<PolicyError> errors = [.. Check(documents)];
        if (errors.Count > 0)
            return PolicyReading.Failed(errors);
        var said = documents.Select(static d => d.UnknownMethods).OfType<UnknownMethods>().ToList();
        var relayed = said.Count > 0 && said.TrueForAll(static s => s == UnknownMethods.Relay);
        var unaccounted = documents.Any(static d => d.Unaccounted == Unaccounted.Deny) ? Unaccounted.Deny : Unaccounted.Report;
        var handlers = new HandlerTable([.. documents.SelectMany(static d => d.Handlers)]);
        return PolicyReading.Of(
            new CompiledPolicy(
                relayed ? UnknownMethods.Relay : UnknownMethods.Refuse, unaccounted, handlers, documents.Select(static d => d.StepUp).FirstOrDefault(static s => s is not null),
                Rules(documents).SelectMany(KernelModulesBundle.Expand).SelectMany(PodSecurity.Expand), documents.SelectMany(static d => d.Exceptions)));
    }

    /// <summary>Errors between parts that are well-formed each by themselves; a rule whose name could not be read has an error already.</summary>
    public static IEnumerable<PolicyError> Check(IReadOnlyCollection<PolicyDocument> documents)
    {
        List<Rule> rules = [.. Rules(documents).Where(static r => r.Name.Length > 0)];
        var handlers = new HandlerTable([.. documents.SelectMany(static d => d.Handlers)]);
        return
        [
            .. RepeatedNames(rules), .. OpposedProfiles(rules),
            .. RepeatedHandlers(documents), .. RepeatedStepUps(documents), .. UngivenLevels(documents, rules, handlers), .. UnreachableSandboxes(rules), .. UnreachablePods(rules),
            .. ExceptionCheck.Errors([.. rules.SelectMany(PodSecurity.Expand)], [.. documents.SelectMany(static d => d.Exceptions).Where(static e => e.Name.Length > 0)]),
        ];
    }

    private static IEnumerable<Rule> Rules(IEnumerable<PolicyDocument> documents) =>
        documents.SelectMany(static d => d.Floor is { } floor ? d.Rules.Prepend(floor) : d.Rules);

    private static IEnumerable<PolicyError> RepeatedNames(List<Rule> rules) =>
        from same in rules.Where(static r => !r.IsFloor).GroupBy(static r => r.Name, StringComparer.Ordinal)
        from rule in same.Skip(1)
        select new PolicyError(rule.At, $"rule {Words.Quote(rule.Name)} is already at {same.First().At}: give each rule a name of its own");

    private static IEnumerable<PolicyError> RepeatedHandlers(IReadOnlyCollection<PolicyDocument> documents)
    {
        var ordered = documents.Where(static d => !d.Handlers.IsEmpty).ToList();
        foreach (var document in ordered.Skip(1))
        {
            var at = document.Handlers[0].At;
            yield return new PolicyError(at, $"`handlers` are already listed at {ordered[0].Handlers[0].At}: keep one table, in one file");
        }

        foreach (var document in ordered)
        {
            foreach (var same in document.Handlers.GroupBy(static h => h.Name, StringComparer.Ordinal).Where(static g => g.Count() > 1))
                yield return new PolicyError(
                    same.ElementAt(1).At, $"handler {Words.Quote(same.Key)} is already at {same.First().At}: keep one of the two places");
        }
    }

    private static IEnumerable<PolicyError> RepeatedStepUps(IReadOnlyCollection<PolicyDocument> documents)
    {
        var settings = documents.Select(static d => d.StepUp).OfType<StepUpSetting>().ToList();
        return settings.Skip(1).Select(s => new PolicyError(s.At, $"`{StepUpSetting.Name}` is already at {settings[0].At}: keep one of the two places"));
    }

    private static IEnumerable<PolicyError> UngivenLevels(IEnumerable<PolicyDocument> documents, List<Rule> rules, HandlerTable handlers) =>
        from demand in rules.Select(static r => r.Sandbox).OfType<SandboxSetting>().Select(static s => (s.Level, s.At))
            .Concat(documents.Select(static d => d.StepUp).OfType<StepUpSetting>().Select(static s => (Level: s.To, s.At)))
        where !handlers.Gives(demand.Level)
        select new PolicyError(
            demand.At,
            $"no handler of `handlers` gives {Words.Quote(demand.Level.Word())}: list one, such as `{{ name: {Usual(demand.Level)}, level: {demand.Level.Word()} }}`");

    private static string Usual(IsolationLevel level) => level switch
    {
        IsolationLevel.Gvisor => "runsc",
        IsolationLevel.Kata => "kata",
        IsolationLevel.Userns => "sysbox-runc",
        _ => "runc",
    };

    /// <summary>The handler is chosen before any image is named, so such a rule would only ever refuse.</summary>
    private static IEnumerable<PolicyError> UnreachableSandboxes(List<Rule> rules) =>
        from rule in rules
        where rule.Match.NamesContainers
        let sandbox = rule.Sandbox
        where sandbox is not null
        select new PolicyError(
            sandbox.At,
            $"rule {Words.Quote(rule.Name)} has `sandbox` and matches containers or images, but a pod gets its handler before them: match "
            + "`namespaces` or `podLabels`");

    /// <summary>These calls may be about a whole pod and then name no container: such a rule would pass them by.</summary>
    private static IEnumerable<PolicyError> UnreachablePods(List<Rule> rules) =>
        from rule in rules
        where rule.Match.NamesContainers
        let key = rule.Access?.PortForward is not null ? "portForward" : rule.Updates is not null ? "updates" : rule.Checkpoints is not null ? "checkpoints" : null
        where key is not null
        select new PolicyError(
            rule.At,
            $"rule {Words.Quote(rule.Name)} has `{key}` and matches containers or images, but such a call may be about a whole pod: match `namespaces` "
            + "or `podLabels`");

    /// <summary>Two enforced rules with one match and two Localhost profiles refuse everything that they match.</summary>
    private static IEnumerable<PolicyError> OpposedProfiles(List<Rule> rules)
    {
        foreach (
            var same in rules.Where(static r => r.Mode == RuleMode.Enforce).GroupBy(static r => CanonicalForm.Text(r.Match), StringComparer.Ordinal))
        {
            foreach (var error in Opposed(same, "seccomp", static r => r.Seccomp).Concat(Opposed(same, "appArmor", static r => r.AppArmor))
                .Concat(Opposed(same, "appArmor", static r => r.AppArmorOfPrivileged)))
                yield return error;
        }
    }

    private static IEnumerable<PolicyError> Opposed(IEnumerable<Rule> rules, string key, Func<Rule, SecurityProfile?> setting)
    {
        var named = rules.Where(r => setting(r)?.Kind == SecurityProfileKind.Localhost).ToList();
        return named.Skip(1).Where(r => setting(r) != setting(named[0])).Select(r => new PolicyError(
            r.At, $"rule {Words.Quote(r.Name)} matches what rule {Words.Quote(named[0].Name)} matches and gives another `{key}` profile: keep one"));
    }
}
