using System.CommandLine;
using CriGuard.Core.Events;

namespace CriGuard.Commands;

/// <summary>The flags of `criguard events`.</summary>
internal sealed class EventsFlags
{
    private readonly Option<string> _stateDirectory = StateDirectory.Flag();
    private readonly Option<(string Namespace, string Name)?> _pod = new("--pod") { HelpName = "NAMESPACE/NAME", Description = "of this pod", CustomParser = Pod };
    private readonly Option<string> _namespace = new("--namespace", "-n") { HelpName = "NAME", Description = "of pods in this namespace" };
    private readonly Option<string> _verdict = new("--verdict") { HelpName = "permit|refuse", Description = "with this decision" };
    private readonly Option<string> _kind = new("--kind") { HelpName = "KIND", Description = "of this kind: `call.decided`, `log.repaired` …, or all that begin with `call`" };
    private readonly Option<DateTimeOffset?> _since;
    private readonly Option<DateTimeOffset?> _until;
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "go on with what comes, until Ctrl-C" };
    private readonly Option<int?> _limit = new("--limit") { HelpName = "N", Description = "of those that are there, only the last N" };
    private readonly Option<string> _output = new("--output", "-o") { HelpName = "table|json", Description = "a table, or the lines of the log as they are", DefaultValueFactory = static _ => "table" };

    public EventsFlags(TimeProvider time)
    {
        _since = Time("--since", "from this time on: a span back from now (90s, 10m, 2h, 7d), or 2026-11-22T01:20:00Z", time);
        _until = Time("--until", "before this time, written alike", time);
        _verdict.AcceptOnlyFromAmong(EventVerdicts.Permit, EventVerdicts.Refuse);
        _output.AcceptOnlyFromAmong("table", "json");
        _limit.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var limit) && limit < 0)
                result.AddError($"`{token.Value}` is no number of events: write 0 or more");
        });
    }

    public void AddTo(Command command)
    {
        AddFilterTo(command);
        foreach (var option in (Option[])[_follow, _limit, _output])
            command.Add(option);
    }

    /// <summary>Those that say which events are wanted, and of which log.</summary>
    public void AddFilterTo(Command command)
    {
        foreach (var option in (Option[])[_stateDirectory, _pod, _namespace, _verdict, _kind, _since, _until])
            command.Add(option);
    }

    public EventsQuery Query(ParseResult parsed) =>
        new(Log(parsed), Filter(parsed), parsed.GetValue(_follow), parsed.GetValue(_limit), parsed.GetRequiredValue(_output) == "json");

    /// <summary>The event log.</summary>
    public string Log(ParseResult parsed) => StateDirectory.Events(parsed.GetRequiredValue(_stateDirectory));

    public EventFilter Filter(ParseResult parsed)
    {
        var pod = parsed.GetValue(_pod);
        return new EventFilter
        {
            Namespace = pod?.Namespace ?? parsed.GetValue(_namespace) ?? "",
            Pod = pod?.Name ?? "",
            Verdict = parsed.GetValue(_verdict) ?? "",
            Kind = parsed.GetValue(_kind) ?? "",
            Since = parsed.GetValue(_since),
            Until = parsed.GetValue(_until),
        };
    }

    /// <summary>Reads NAMESPACE/NAME.</summary>
    public static (string Namespace, string Name)? Pod(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (result.Tokens[0].Value.Split('/') is [{ Length: > 0 } name, { Length: > 0 } pod])
            return (name, pod);
        result.AddError($"`{result.Tokens[0].Value}` is no pod: write NAMESPACE/NAME");
        return null;
    }

    private static Option<DateTimeOffset?> Time(string name, string description, TimeProvider time) => new(name)
    {
        HelpName = "TIME",
        Description = description,
        CustomParser = result =>
        {
            if (Moment.TryParse(result.Tokens[0].Value, time.GetUtcNow(), out var moment))
                return moment;
            result.AddError($"`{result.Tokens[0].Value}` is no time: write a span as 10m or 2h, or a time as 2026-11-22T01:20:00Z");
            return null;
        },
    };
}

/// <summary>What `criguard events` was asked for.</summary>
/// <param name="Directory">The event log.</param>
/// <param name="Filter">Which events.</param>
/// <param name="Follow">Go on with what comes.</param>
/// <param name="Limit">Of those that are there, how many, the last ones; null for all.</param>
/// <param name="Raw">The lines as they are.</param>
internal sealed record EventsQuery(string Directory, EventFilter Filter, bool Follow, int? Limit, bool Raw);
