using System.Globalization;
using CriGuard.Core.Events;

namespace CriGuard.Output;

/// <summary>An event in words.</summary>
/// <param name="Text">What happened.</param>
/// <param name="Weight">How much it matters.</param>
internal sealed record TimelineSentence(string Text, Weight Weight)
{
    /// <summary>Null for what another line says already: an answer without a surprise.</summary>
    public static TimelineSentence? Of(EventEntry entry) => entry.Kind switch
    {
        EventKinds.CallDecided => Decided(entry),
        EventKinds.CallAnswered => Answered(entry),
        EventKinds.CallRepeated => Repeated(entry),
        EventKinds.ProcessObserved => Observed(entry),
        EventKinds.ContainerExited => Exited(entry),
        EventKinds.ContainerRemoved => new($"removed, by no call through CriGuard{Away(entry)}", Weight.Notice),
        EventKinds.SandboxStopped => new($"sandbox {Timeline.Short(entry.SandboxId)} stopped, by no call through CriGuard{Away(entry)}", Weight.Notice),
        EventKinds.SandboxRemoved => new($"sandbox {Timeline.Short(entry.SandboxId)} removed, by no call through CriGuard{Away(entry)}", Weight.Notice),
        EventKinds.ContainerUnaccounted => new($"found, and not judged: made around CriGuard or before it; {Details(entry)}", Weight.Alarm),
        EventKinds.LogGap or EventKinds.LogRepaired => new($"NOT ALL IS ON RECORD: {Details(entry)}", Weight.Alarm),
        EventKinds.BypassOpened => new($"the policy was bypassed: {Details(entry)}", Weight.Alarm),
        _ => new($"{entry.Kind}: {Details(entry)}", Weight.Ordinary),
    };

    private static TimelineSentence Decided(EventEntry entry)
    {
        var refused = entry.Verdict == EventVerdicts.Refuse;
        var by = entry.Caller is { } caller ? $", by {Path.GetFileName(caller.Executable)} (pid {caller.Pid}, uid {caller.Uid})" : "";
        var findings = entry.Findings.Where(f => !refused || f is { Mode: "enforce", Effect: "refuse" }).Where(static f => f.Effect != "change" || f.Mode == "audit")
            .Select(static f => $"{f.Message} ({f.Rule}{(f.Mode == "audit" ? ", audit" : "")})");
        var changes = refused ? [] : entry.Changes.Select(static c => $"{c.Control}: {c.Before} → {c.After} ({c.Rule})");
        return new(
            string.Join("; ", new[] { $"{Call(entry)} {(refused ? "REFUSED" : "let through")}{(IsEntered(entry) ? by : "")}" }.Concat(findings).Concat(changes)),
            refused ? Weight.Alarm : IsEntered(entry) && Detail(entry, ProbeTally.NovelDetail) is "" or "true" ? Weight.Notice : Weight.Ordinary);
    }

    private static bool IsEntered(EventEntry entry) => Method(entry) is "Exec" or "ExecSync" or "Attach" or "PortForward";

    private static string Call(EventEntry entry)
    {
        var (method, executable) = (Method(entry), Detail(entry, "executable"));
        var command = executable.Length == 0 ? "" : $" of `{executable}` with {Detail(entry, "arguments")} arguments";
        var terminal = (Detail(entry, "tty"), Detail(entry, "stdin")) switch { ("true", "true") => ", on a terminal", (_, "true") => ", with input", _ => "" };
        return $"{method}{command}{terminal}";
    }

    private static TimelineSentence? Answered(EventEntry entry)
    {
        if (entry.Answer is { Code: not 0 } answer)
            return new($"the runtime answered {Method(entry)} with code {answer.Code}: {answer.Message}", Weight.Notice);
        return Method(entry) switch
        {
            "RunPodSandbox" => new($"sandbox {Timeline.Short(entry.SandboxId)} runs", Weight.Ordinary),
            "CreateContainer" => new($"container {Timeline.Short(entry.ContainerId)} made", Weight.Ordinary),
            "ExecSync" when Detail(entry, ProbeTally.ExitCodeDetail) is var code and not ("" or "0") => new($"the command ended with {code}", Weight.Notice),
            _ => null,
        };
    }

    private static TimelineSentence Repeated(EventEntry entry)
    {
        var times = $"{Detail(entry, "repeats")} times more from {Detail(entry, "first")} to {Detail(entry, "last")}";
        return entry.Verdict == EventVerdicts.Refuse
            ? new($"{Method(entry)} REFUSED likewise, {times}: {entry.Findings.FirstOrDefault()?.Message}", Weight.Alarm)
            : new($"the same command ran {times}, exit code {Detail(entry, ProbeTally.ExitCodeDetail)}", Weight.Ordinary);
    }

    private static TimelineSentence Observed(EventEntry entry)
    {
        if (Detail(entry, "gone").Length > 0)
            return new("had ended before the kernel could be asked about it", Weight.Notice);
        if (Detail(entry, "unknown") is { Length: > 0 } unknown)
            return new($"what really runs is not known: {unknown}", Weight.Notice);
        var drift = Detail(entry, "drift");
        var running = $"runs as pid {Detail(entry, "pid")}, {Detail(entry, "executable")}, uid {Detail(entry, "uid")}, seccomp mode {Detail(entry, "seccompMode")}";
        return drift.Length > 0 ? new($"{running}; WEAKER THAN ITS SPEC: {drift}", Weight.Alarm) : new(running, Weight.Ordinary);
    }

    private static TimelineSentence Exited(EventEntry entry)
    {
        var code = Detail(entry, "code");
        var signal = Detail(entry, "signal") is { Length: > 0 } number ? $", as signal {number} does" : "";
        var memory = Detail(entry, "oom") == "true" ? ", OUT OF MEMORY" : "";
        return new($"exited with {code}{signal}{memory}{After(entry)}{Away(entry)}", code == "0" ? Weight.Ordinary : Weight.Notice);
    }

    private static string After(EventEntry entry) =>
        Time(Detail(entry, "started")) is { } started && Time(Detail(entry, "finished")) is { } finished
            ? $", at {finished.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} after {SeenStatus.Span(finished - started)}"
            : "";

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParseExact(text, EventLine.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string Away(EventEntry entry) => Detail(entry, "while") == "away" ? ", while no daemon ran" : "";

    private static string Method(EventEntry entry) => entry.Method[(entry.Method.LastIndexOf('/') + 1)..];

    private static string Details(EventEntry entry) => string.Join(", ", entry.Details.Select(static d => $"{d.Key} {d.Value}"));

    private static string Detail(EventEntry entry, string name) => entry.Details.FirstOrDefault(d => d.Key == name).Value ?? "";
}
