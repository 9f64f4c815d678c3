using System.Text;
using System.Text.Json;
using CriGuard.Core.Policy;
using CriGuard.Manifests;

namespace CriGuard.Output;

/// <summary>An explanation for pipelines: one JSON object. Keys are never renamed or removed within a version of `schema`.</summary>
internal static class ExplanationJson
{
    public const string Schema = "criguard.io/explanation/v1";

    // The encoder leaves nothing as it is that acts on a terminal.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    public static void Write(Explanation explanation, TextWriter output)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
            Write(json, explanation);
        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("verdict", Word(explanation.IsRefusal));
        json.WriteString("revision", explanation.Revision);
        json.WriteStartArray("pods");
        foreach (var pod in explanation.Pods)
            Write(json, pod);
        json.WriteEndArray();
        json.WriteStartArray("assumed");
        foreach (var assumption in explanation.Assumed)
            json.WriteStringValue(assumption);
        json.WriteEndArray();
        json.WriteStartArray("skipped");
        foreach (var skipped in explanation.Skipped)
        {
            json.WriteStartObject();
            json.WriteString("kind", skipped.Kind);
            WritePlace(json, skipped.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedPod pod)
    {
        var (template, metadata) = (pod.Source.Template, pod.Source.Sandbox.Config.Metadata);
        json.WriteStartObject();
        json.WriteString("kind", template.Kind);
        json.WriteString("object", template.Name);
        WritePlace(json, template.Object.At);
        json.WriteString("namespace", metadata.Namespace);
        json.WriteString("pod", metadata.Name);
        json.WriteString("verdict", Word(pod.IsRefusal));
        json.WriteString("handlerAsked", pod.Source.Sandbox.RuntimeHandler);
        json.WriteString("handler", pod.Handler);
        json.WriteStartArray("calls");
        foreach (var call in pod.Calls)
            Write(json, pod, call);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedPod pod, ExplainedCall call)
    {
        json.WriteStartObject();
        json.WriteString("method", call.Method);
        if (call.Container?.Source is { } source)
        {
            json.WriteString("container", source.Name);
            json.WriteString("containerKind", source.Kind.ToString().ToLowerInvariant());
        }

        json.WriteString("verdict", Word(call.Verdict.IsRefusal));
        if (!call.Verdict.TryPermit(out _, out var refusal))
            json.WriteString("message", refusal.Message);
        json.WriteStartArray("findings");
        foreach (var finding in call.Verdict.Findings)
        {
            json.WriteStartObject();
            WriteDecision(json, finding.Rule, finding.Control, finding.Field, pod, call);
            json.WriteString("mode", finding.Mode.ToString().ToLowerInvariant());
            json.WriteString("effect", VerdictText.Word(finding.Effect));
            json.WriteString("message", finding.Message);
            json.WriteString("remedy", finding.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("changes");
        foreach (var change in call.Verdict.Changes)
        {
            json.WriteStartObject();
            WriteDecision(json, change.Rule, change.Control, change.Field, pod, call);
            json.WriteString("before", change.Before);
            json.WriteString("after", change.After);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // `field` is null where no field of the manifest causes it; the place is there where the manifest has the field.
    private static void WriteDecision(Utf8JsonWriter json, string rule, Control control, string criField, ExplainedPod pod, ExplainedCall call)
    {
        var field = ManifestFields.Find(criField, pod.Source.Template, call.Container);
        json.WriteString("rule", rule);
        json.WriteString("control", control.Name());
        json.WriteString("criField", criField);
        json.WriteString("field", field?.Path);
        WritePlace(json, field?.At);
    }

    private static void WritePlace(Utf8JsonWriter json, Position? at)
    {
        if (at is not { } place)
            return;
        json.WriteString("file", place.File);
        json.WriteNumber("line", place.Line);
        json.WriteNumber("column", place.Column);
    }

    private static string Word(bool isRefusal) => isRefusal ? "refuse" : "permit";
}
