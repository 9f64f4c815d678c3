using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Events;

/// <summary>Reads a line back: total, and lenient towards fields of newer builds.</summary>
public static class EventLineReader
{
    /// <summary>False where the line is no JSON object, or one without sequence, previous hash, time, node or kind.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> line, [NotNullWhen(true)] out EventEntry? entry)
    {
        entry = null;
        if (!LineLinkReader.TryRead(line.Span, out var link))
            return false;
        try
        {
            using var document = JsonDocument.Parse(line);
            entry = Entry(document.RootElement, link);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not UTF-8, or half a surrogate pair written as \uD800.
        }

        return entry is not null;
    }

    private static EventEntry? Entry(JsonElement line, LineLink link)
    {
        if (!DateTimeOffset.TryParseExact(Text(line, "time"), EventLine.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            || Text(line, "kind") is not { Length: > 0 } kind)
        {
            return null;
        }

        var pod = Child(line, "pod");
        var container = Child(line, "container");
        return new EventEntry
        {
            Link = link,
            Time = time,
            Node = Text(line, "node"),
            Kind = kind,
            Method = Text(line, "method"),
            CallId = Text(line, "call"),
            Pod = pod is null ? null : new PodIdentity(Text(pod, "namespace"), Text(pod, "name"), Text(pod, "uid")),
            SandboxId = Text(line, "sandbox"),
            ContainerName = Text(container, "name"),
            ContainerId = Text(container, "id"),
            Verdict = Text(line, "verdict"),
            Findings = [.. Children(line, "findings").Select(static f => new FindingEntry(
                Text(f, "rule"), Text(f, "control"), Text(f, "mode"), Text(f, "effect"), Text(f, "field"), Text(f, "message"), Text(f, "remedy")))],
            Changes = [.. Children(line, "changes").Select(static c => new ChangeEntry(
                Text(c, "rule"), Text(c, "control"), Text(c, "field"), Text(c, "before"), Text(c, "after")))],
            Revision = Text(line, "revision"),
            Caller = Child(line, "caller") is { } caller ? new Caller((int)Number(caller, "pid"), (uint)Number(caller, "uid"), Text(caller, "exe")) : null,
            Answer = Child(line, "answer") is { } answer ? new RuntimeAnswer((int)Number(answer, "code"), Text(answer, "message")) : null,
            Duration = Duration(line),
            Details = Details(line),
        };
    }

    private static TimeSpan? Duration(JsonElement line) =>
        Value(line, "durationMs", JsonValueKind.Number) is { } value && value.TryGetDecimal(out var milliseconds) && Math.Abs(milliseconds) < long.MaxValue / TimeSpan.TicksPerMillisecond
            ? TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond))
            : null;

    private static ImmutableArray<KeyValuePair<string, string>> Details(JsonElement line) => Child(line, "details") is { } details
        ? [.. details.EnumerateObject().Where(static d => d.Value.ValueKind == JsonValueKind.String).Select(static d => KeyValuePair.Create(d.Name, d.Value.GetString() ?? ""))]
        : [];

    private static JsonElement? Child(JsonElement parent, string name) => Value(parent, name, JsonValueKind.Object);

    private static IEnumerable<JsonElement?> Children(JsonElement parent, string name) => Value(parent, name, JsonValueKind.Array) is { } array
        ? array.EnumerateArray().Where(static e => e.ValueKind == JsonValueKind.Object).Select(static e => (JsonElement?)e)
        : [];

    private static string Text(JsonElement? parent, string name) => Value(parent, name, JsonValueKind.String)?.GetString() ?? "";

    private static long Number(JsonElement? parent, string name) => Value(parent, name, JsonValueKind.Number) is { } value && value.TryGetInt64(out var number) ? number : 0;

    private static JsonElement? Value(JsonElement? parent, string name, JsonValueKind kind) =>
        parent is { } element && element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
