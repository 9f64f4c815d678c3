using System.Text;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Store.Status;

namespace CriGuard.Output;

/// <summary>What a daemon said of itself, and what could be seen beside it.</summary>
/// <param name="Status">What it said.</param>
/// <param name="Now">When it was read.</param>
/// <param name="Runtime">What the runtime says of itself; null where it does not answer.</param>
internal sealed record SeenStatus(DaemonStatus Status, DateTimeOffset Now, VersionResponse? Runtime)
{
    private bool IsStale => Now - Status.Time > StatusReport.Period * 3;

    public IEnumerable<ConnectedClient> Kubelets => Status.Clients.Where(static c => Path.GetFileName(c.Executable) == "kubelet");

    /// <summary>What somebody should look at, each with what to do.</summary>
    public IEnumerable<string> Concerns
    {
        get
        {
            if (IsStale)
                yield return $"the daemon last said something {Span(Now - Status.Time)} ago: it is gone or stuck; look at its log and start it anew";
            if (Runtime is null)
                yield return $"the runtime does not answer on {Status.Runtime}: start it";
            if (!Kubelets.Any())
                yield return $"no kubelet is connected: set its `containerRuntimeEndpoint` to {Status.Listen} and restart it";
            if (Status.BypassedUntil is { } until)
                yield return $"the policy is bypassed until {until.UtcDateTime:u}: `criguard bypass --end` ends it";
        }
    }

    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{(int)span.TotalDays} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{span.Hours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalSeconds} s",
    };
}

/// <summary>A status for people: a line for each thing.</summary>
internal static class StatusText
{
    public static string Of(SeenStatus seen)
    {
        var (status, text) = (seen.Status, new StringBuilder());
        Line("daemon", $"pid {status.Pid}, version {status.Version}, for {SeenStatus.Span(seen.Now - status.Started)}, on {status.Listen}");
        Line("runtime", $"{(seen.Runtime is { } runtime ? $"{runtime.RuntimeName} {runtime.RuntimeVersion}" : "does not answer")} on {status.Runtime}");
        Line("kubelet", string.Join(", ", seen.Kubelets.Select(k => $"pid {k.Pid}, connected for {SeenStatus.Span(seen.Now - k.Since)}").DefaultIfEmpty("not connected")));
        foreach (var other in status.Clients.Except(seen.Kubelets).Where(client => client.Pid != status.Pid))
            Line("client", $"pid {other.Pid}, uid {other.Uid}, {(other.Executable.Length > 0 ? other.Executable : "of an executable that cannot be read")}, for {SeenStatus.Span(seen.Now - other.Since)}");
        Line("policy", $"{status.Policy}, revision {status.Revision}{(status.BypassedUntil is { } until ? $", bypassed until {until.UtcDateTime:u}" : "")}");
        Line("calls", $"{status.Calls.Permitted} permitted, {status.Calls.Refused} refused, {status.Calls.Undecided} undecided since the start");
        Line("log", $"{status.Sequence} events; `criguard log verify` proves them");
        return text.ToString();

        void Line(string what, string value) => text.Append($"{what,-9}").Append(Printable.Of(value)).Append('\n');
    }
}
