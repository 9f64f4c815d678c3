using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using CriGuard.Core.Policy;

namespace CriGuard.Core.Events;

// {"seq":7,"time":"2026-11-22T01:20:00.123456Z","node":"n1","kind":"call.decided","method":"runtime.v1.RuntimeService/CreateContainer",
//  "call":"c1","pod":{"namespace":"dev","name":"web-0","uid":"…"},"sandbox":"…","container":{"name":"web","id":"…"},"verdict":"permit",
//  "findings":[{"rule":"tenants","control":"seccomp","mode":"enforce","effect":"change","field":"…","message":"…","remedy":"…"}],
//  "changes":[{"rule":"tenants","control":"seccomp","field":"…","before":"unset","after":"RuntimeDefault"}],"revision":"…",
//  "caller":{"pid":812,"uid":0,"exe":"/usr/bin/kubelet"},"answer":{"code":0,"message":""},"durationMs":1.25,"details":{"…":"…"},"prev":"…"}

/// <summary>Writes an event as its line of the log: one JSON object, fields in a fixed order, those that are empty left out.</summary>
public static class EventLine
{
    /// <summary>Bytes that no line reaches: the most values of the greatest length, each unit escaped as six bytes, stay well under it.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>How a line writes its time: UTC, microseconds.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    // Relaxed: backticks and non-ASCII names stay readable; quotes, controls and lone surrogates are still escaped, so a value never ends its line.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Appends the line and its newline to the output and gives the position behind it.</summary>
    public static ChainPosition Append(ArrayBufferWriter<byte> output, EventRecord record, ChainPosition before)
    {
        var start = output.WrittenCount;
        var sequence = before.Sequence + 1;
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("seq", sequence);
            json.WriteString("time", record.Time.UtcDateTime.ToString(TimeFormat));
            json.WriteString("node", EventText.Bounded(record.Node));
            json.WriteString("kind", EventText.Bounded(record.Kind));
            WriteSubject(json, record);
            if (record.Verdict is { } verdict)
                WriteVerdict(json, verdict);
            WriteCourse(json, record);
            json.WriteString("prev", before.Hash.ToString());
            json.WriteEndObject();
        }

        var hash = LineHash.Of(output.WrittenSpan[start..]);
        output.Write("\n"u8);
        return new ChainPosition(sequence, hash);
    }

    private static void WriteSubject(Utf8JsonWriter json, EventRecord record)
    {
        WriteUnlessEmpty(json, "method", record.Method);
        WriteUnlessEmpty(json, "call", record.CallId);
        if (record.Pod is { } pod)
        {
            json.WriteStartObject("pod");
            json.WriteString("namespace", EventText.Bounded(pod.Namespace));
            json.WriteString("name", EventText.Bounded(pod.Name));
            json.WriteString("uid", EventText.Bounded(pod.Uid));
            json.WriteEndObject();
        }

        WriteUnlessEmpty(json, "sandbox", record.SandboxId);
        if (record.ContainerName.Length + record.ContainerId.Length == 0)
            return;
        json.WriteStartObject("container");
        WriteUnlessEmpty(json, "name", record.ContainerName);
        WriteUnlessEmpty(json, "id", record.ContainerId);
        json.WriteEndObject();
    }

    private static void WriteVerdict(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteString("verdict", verdict.IsRefusal ? EventVerdicts.Refuse : EventVerdicts.Permit);
        json.WriteStartArray("findings");
        foreach (var finding in Kept(verdict.Findings))
        {
            json.WriteStartObject();
            json.WriteString("rule", EventText.Bounded(finding.Rule));
            json.WriteString("control", finding.Control.Name());
            json.WriteString("mode", finding.Mode == RuleMode.Audit ? "audit" : "enforce");
            json.WriteString("effect", Name(finding.Effect));
            json.WriteString("field", EventText.Bounded(finding.Field));
            json.WriteString("message", EventText.Bounded(finding.Message));
            WriteUnlessEmpty(json, "remedy", finding.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteCut(json, "findingsCut", verdict.Findings.Length);
        json.WriteStartArray("changes");
        foreach (var change in verdict.Changes.Take(EventText.MaxEntries))
        {
            json.WriteStartObject();
            json.WriteString("rule", EventText.Bounded(change.Rule));
            json.WriteString("control", change.Control.Name());
            json.WriteString("field", EventText.Bounded(change.Field));
            json.WriteString("before", EventText.Bounded(change.Before));
            json.WriteString("after", EventText.Bounded(change.After));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteCut(json, "changesCut", verdict.Changes.Length);
        WriteUnlessEmpty(json, "revision", verdict.Revision);
    }

    private static void WriteCourse(Utf8JsonWriter json, EventRecord record)
    {
        if (record.Caller is { } caller)
        {
            json.WriteStartObject("caller");
            json.WriteNumber("pid", caller.Pid);
            json.WriteNumber("uid", caller.Uid);
            json.WriteString("exe", EventText.Bounded(caller.Executable));
            json.WriteEndObject();
        }

        if (record.Answer is { } answer)
        {
            json.WriteStartObject("answer");
            json.WriteNumber("code", answer.Code);
            json.WriteString("message", EventText.Bounded(answer.Message));
            json.WriteEndObject();
        }

        if (record.Duration is { } duration)
            json.WriteNumber("durationMs", decimal.Round(duration.Ticks / (decimal)TimeSpan.TicksPerMillisecond, 3));
        if (record.Details.IsEmpty)
            return;
        json.WriteStartObject("details");
        foreach (var (name, value) in record.Details.Take(EventText.MaxEntries))
            json.WriteString(EventText.Bounded(name), EventText.Bounded(value));
        json.WriteEndObject();
        WriteCut(json, "detailsCut", record.Details.Length);
    }

    // Where not all fit, those that refuse come first: a flood of harmless findings must not push out the reason.
    private static IEnumerable<Finding> Kept(ImmutableArray<Finding> findings) => findings.Length <= EventText.MaxEntries
        ? findings
        : findings.OrderBy(static f => f is { Mode: RuleMode.Enforce, Effect: Effect.Refuse } ? 0 : 1).Take(EventText.MaxEntries);

    private static void WriteCut(Utf8JsonWriter json, string name, int length)
    {
        if (length > EventText.MaxEntries)
            json.WriteNumber(name, length - EventText.MaxEntries);
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
            json.WriteString(name, EventText.Bounded(value));
    }

    private static string Name(Effect effect) => effect switch
    {
        Effect.Report => "report",
        Effect.Change => "change",
        Effect.Refuse => "refuse",
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "an effect without a name"),
    };
}
