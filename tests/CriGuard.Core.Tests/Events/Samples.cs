using System.Buffers;
using System.Text;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Events;

/// <summary>Events and lines to try things on.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Time = new DateTimeOffset(2026, 11, 22, 1, 20, 0, TimeSpan.Zero).AddMicroseconds(123_456);

    public static EventRecord Whole { get; } = new()
    {
        Kind = EventKinds.CallDecided,
        Time = Time,
        Node = "node-1",
        Method = "runtime.v1.RuntimeService/CreateContainer",
        CallId = "c7",
        Pod = new PodIdentity("dev", "web-0", "6f1c"),
        SandboxId = "5a4b",
        ContainerName = "web",
        ContainerId = "9c8d",
        Verdict = new Verdict(
            "0123456789ab",
            [new Finding("tenants", Control.Seccomp, RuleMode.Enforce, Effect.Change, "config.linux.security_context.seccomp", "container `web` asks for no seccomp profile", "")],
            [new Change("tenants", Control.Seccomp, "config.linux.security_context.seccomp", "unset", "RuntimeDefault", new Edit.Seccomp(SecurityProfile.RuntimeDefault))]),
        Caller = new Caller(812, 0, "/usr/bin/kubelet"),
        Answer = new RuntimeAnswer(0, ""),
        Duration = TimeSpan.FromMicroseconds(1250),
        Details = [KeyValuePair.Create("seccomp", "2")],
    };

    public static EventRecord Plain(string node) => new() { Kind = EventKinds.DaemonStarted, Time = Time, Node = node };

    /// <summary>Lines of a whole log, without newlines, and the position behind them.</summary>
    public static (List<byte[]> Lines, ChainPosition Head) Log(int events)
    {
        var lines = new List<byte[]>();
        var position = ChainPosition.Start;
        for (var i = 0; i < events; i++)
        {
            var output = new ArrayBufferWriter<byte>();
            position = EventLine.Append(output, Whole with { CallId = $"c{i}" }, position);
            lines.Add(output.WrittenSpan[..^1].ToArray());
        }

        return (lines, position);
    }

    public static string Text(EventRecord record, ChainPosition before = default)
    {
        var output = new ArrayBufferWriter<byte>();
        EventLine.Append(output, record, before);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static EventEntry? Entry(string line) => EventLineReader.TryParse(Encoding.UTF8.GetBytes(line.TrimEnd('\n')), out var entry) ? entry : null;
}
