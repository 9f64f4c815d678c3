namespace CriGuard.Core.Policy;

/// <summary>What does not hold together between exceptions and the rules that they loosen.</summary>
internal static class ExceptionCheck
{
    public static IEnumerable<PolicyError> Errors(List<Rule> rules, List<ExceptionEntry> exceptions) =>
        [.. RepeatedNames(rules, exceptions), .. exceptions.SelectMany(e => Errors(rules, e))];

    private static IEnumerable<PolicyError> Errors(List<Rule> rules, ExceptionEntry exception)
    {
        if (ControlTable.Find(exception.Control) is not { } row)
            yield break;
        var (name, control) = (Words.Quote(exception.Name), Words.Quote(exception.Control.Name()));
        var demanding = rules.FindAll(r => row.IsDemanded(r));
        if (demanding.Count == 0)
            yield return new PolicyError(exception.At, $"exception {name} loosens {control}, which no rule demands: remove it");
        else if (!exception.Floor && demanding.TrueForAll(static r => r.IsFloor))
            yield return new PolicyError(exception.At, $"exception {name} loosens {control}, which only the floor demands: write `floor: true`, or remove it");
        if (row.OfSandbox && exception.Match.NamesContainers)
            yield return new PolicyError(
                exception.At,
                $"exception {name} matches images, but {control} is decided when the sandbox is run, before any image is named: match `namespaces`");
        if (!exception.Allow.IsEmpty && row.Allow is null)
            yield return new PolicyError(exception.At, $"exception {name} has `allow`, but {control} can only be lifted as a whole: leave `allow` out");
        foreach (var value in exception.Allow)
        {
            if (row.Objection(value) is { } objection)
                yield return new PolicyError(exception.At, $"{Words.Quote(value)} in exception {name} {objection}");
        }
    }

    private static IEnumerable<PolicyError> RepeatedNames(List<Rule> rules, List<ExceptionEntry> exceptions)
    {
        var named = rules.Where(static r => !r.IsFloor).Select(static r => (r.Name, r.At)).Distinct().Concat(exceptions.Select(static e => (e.Name, e.At)));
        return from same in named.GroupBy(static n => n.Name, StringComparer.Ordinal)
               from entry in same.Skip(1)
               where exceptions.Exists(e => e.At == entry.At)
               select new PolicyError(entry.At, $"{Words.Quote(entry.Name)} is already at {same.First().At}: give each exception a name of its own");
    }
}
