using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Store.Events;

namespace CriGuard.Tests.Commands;

/// <summary>A state directory with a small log: a start, a permit with a change, its answer, a refusal with an odd name in it.</summary>
internal sealed class RecordedNode : IDisposable
{
    public static readonly DateTimeOffset Time = new(2026, 11, 22, 1, 20, 0, TimeSpan.Zero);

    private static readonly Change Hardened = new("tenants", Control.Seccomp, "f", "unset", "RuntimeDefault", new Edit.Seccomp(SecurityProfile.RuntimeDefault));
    private static readonly Finding Unprofiled = new("tenants", Control.Seccomp, RuleMode.Enforce, Effect.Change, "f", "container `web` has no seccomp profile", "");
    private static readonly Finding Privileged = new("tenants", Control.Privileged, RuleMode.Enforce, Effect.Refuse, "f", "container `a\u001b[2Jb` asks to be privileged", "");

    public static EventRecord[] Events { get; } =
    [
        Blank with { Kind = EventKinds.DaemonStarted },
        Blank with { Method = "runtime.v1.RuntimeService/CreateContainer", Pod = new("dev", "web-0", "u1"), ContainerName = "web", Verdict = new("r1", [Unprofiled], [Hardened]) },
        Blank with { Method = "runtime.v1.RuntimeService/CreateContainer", Kind = EventKinds.CallAnswered, Pod = new("dev", "web-0", "u1"), ContainerName = "web", Answer = new(0, "") },
        Blank with { Method = "runtime.v1.RuntimeService/CreateContainer", Pod = new("prod", "db-0", "u2"), ContainerName = "a\u001b[2Jb", Verdict = new("r1", [Privileged], []) },
    ];

    public string Path { get; } = Directory.CreateTempSubdirectory("criguard-state-").FullName;

    public string Log => System.IO.Path.Combine(Path, "events");

    public string Segment => System.IO.Path.Combine(Log, "events-000000000001.jsonl");

    private static EventRecord Blank => new() { Kind = EventKinds.CallDecided, Time = Time, Node = "n" };

    public EventLog Open() => EventLog.Open(Log, new EventLogOptions { Node = "n" });

    /// <summary>Records the four events, a minute apart.</summary>
    public async Task<RecordedNode> Record()
    {
        using var log = Open();
        foreach (var (index, record) in Events.Index())
            await log.AppendAsync(record with { Time = Time.AddMinutes(index) });
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
