using CriGuard.Manifests;

namespace CriGuard.Output;

/// <summary>An explanation for people: each pod, each of its calls with the verdict, then what was assumed.</summary>
internal static class ExplanationText
{
    public static void Write(Explanation explanation, TextWriter output)
    {
        foreach (var pod in explanation.Pods)
            Write(pod, output);
        foreach (var skipped in explanation.Skipped)
            Line(output, $"not looked at: {skipped.Kind} at {skipped.At}: it makes no pod that is known here");
        foreach (var assumption in explanation.Assumed)
            Line(output, $"assumed: {assumption}");
        var refused = explanation.Pods.Count(static pod => pod.IsRefusal);
        Line(output, $"{Counted(explanation.Pods.Length, "pod")}, {refused} refused, by policy revision {explanation.Revision}");
    }

    /// <summary>The runtime handler, by its name or as what it is.</summary>
    public static string Handler(string handler) => handler.Length == 0 ? "the runtime's default handler" : $"handler `{handler}`";

    private static void Write(ExplainedPod pod, TextWriter output)
    {
        var template = pod.Source.Template;
        Line(output, $"{template.Kind} `{template.Name}` at {template.Object.At}: pod `{pod.Name}` {(pod.IsRefusal ? "is refused" : "is permitted")}");
        foreach (var call in pod.Calls)
        {
            var verdict = VerdictText.Write(call.Verdict, field => Place(field, pod, call)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Line(output, $"  {Subject(pod, call)}: {verdict[0]}");
            foreach (var line in verdict.Skip(1))
                Line(output, $"    {line}");
            if (call.Container is null && call.Verdict.IsRefusal)
                Line(output, "  the containers are judged as if the sandbox ran:");
        }

        output.WriteLine();
    }

    private static string Subject(ExplainedPod pod, ExplainedCall call) => call.Container?.Source is not { } source
        ? $"sandbox under {Handler(pod.Handler)}"
        : $"{Kind(source.Kind)} `{source.Name}` at {source.Field.Path}";

    private static string Kind(ContainerKind kind) => kind switch
    {
        ContainerKind.Init => "init container",
        ContainerKind.Ephemeral => "ephemeral container",
        _ => "container",
    };

    private static string Place(string criField, ExplainedPod pod, ExplainedCall call)
    {
        if (ManifestFields.Find(criField, pod.Source.Template, call.Container) is not { } field)
            return $"{criField} of {call.Method}, which no field of the manifest causes";
        return field.Exists ? $"{field.Path} ({field.At})" : $"{field.Path} (not set)";
    }

    private static string Counted(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static void Line(TextWriter output, string text) => output.WriteLine(Printable.Of(text));
}
