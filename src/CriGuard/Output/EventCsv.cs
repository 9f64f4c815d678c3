using System.Globalization;
using CriGuard.Core.Events;

namespace CriGuard.Output;

/// <summary>Events as rows of a table (RFC 4180), for whoever counts and sorts them elsewhere.</summary>
internal static class EventCsv
{
    public const string Header =
        "seq,time,node,kind,method,call,namespace,pod,uid,sandbox,container,containerId,verdict,rules,messages,changes,revision,callerPid,callerUid,callerExe,code,answer,durationMs,details,prev";

    public static string Row(EventEntry entry)
    {
        string[] cells =
        [
            Number(entry.Link.Sequence),
            entry.Time.UtcDateTime.ToString(EventLine.TimeFormat, CultureInfo.InvariantCulture),
            entry.Node,
            entry.Kind,
            entry.Method,
            entry.CallId,
            entry.Pod?.Namespace ?? "",
            entry.Pod?.Name ?? "",
            entry.Pod?.Uid ?? "",
            entry.SandboxId,
            entry.ContainerName,
            entry.ContainerId,
            entry.Verdict,
            string.Join("; ", entry.Findings.Select(static f => f.Rule)),
            string.Join("; ", entry.Findings.Select(static f => f.Message)),
            string.Join("; ", entry.Changes.Select(static c => $"{c.Field}: {c.Before} → {c.After}")),
            entry.Revision,
            entry.Caller is { } caller ? Number(caller.Pid) : "",
            entry.Caller is { } user ? Number(user.Uid) : "",
            entry.Caller?.Executable ?? "",
            entry.Answer is { } answer ? Number(answer.Code) : "",
            entry.Answer?.Message ?? "",
            entry.Duration?.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) ?? "",
            string.Join("; ", entry.Details.Select(static d => $"{d.Key}={d.Value}")),
            entry.Link.Previous.ToString(),
        ];
        return string.Join(',', cells.Select(Cell));
    }

    /// <summary>Quoted where it must be. What a spreadsheet would take for a formula has an apostrophe in front: tenants choose names.</summary>
    private static string Cell(string value)
    {
        var safe = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + value : value;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
