using System.Text.Json;
using CriGuard.Core.Policy;
using CriGuard.Core.Replay;

namespace CriGuard.Output;

// {"revision":"…","pods":3,"refused":1,"unjudged":0,"changed":0,"audited":0,"unchanged":1,"workloads":[{"namespace":"team-a","kind":"deployment",
//  "name":"web","pods":["web-5d4f-x1"],"outcome":"refused","parts":[{"container":"web","basis":"request","outcome":"refused","findings":[…],"changes":[…]}]}]}

/// <summary>What another policy would change on a node, for programs: every workload, findings and changes as event lines have them.</summary>
internal static class ReplayJson
{
    public static void Write(TextWriter output, ReplayReport report) => JsonText.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("revision", report.Revision);
        json.WriteNumber("pods", report.Workloads.Sum(static w => w.Pods.Length));
        foreach (var outcome in Enum.GetValues<ReplayOutcome>())
            json.WriteNumber(ReplayText.Word(outcome), report.Count(outcome));
        json.WriteStartArray("workloads");
        foreach (var workload in report.Workloads)
            Write(json, workload);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, ReplayedWorkload workload)
    {
        json.WriteStartObject();
        json.WriteString("namespace", workload.Owner.Namespace);
        json.WriteString("kind", workload.Owner.Kind);
        json.WriteString("name", workload.Owner.Name);
        json.WriteStrings("pods", workload.Pods);
        json.WriteString("outcome", ReplayText.Word(workload.Outcome));
        json.WriteStartArray("parts");
        foreach (var part in workload.Parts)
            Write(json, part);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReplayedPart part)
    {
        json.WriteStartObject();
        if (part.Container.Length > 0)
            json.WriteString("container", part.Container);
        json.WriteString("basis", part.Basis == ReplayBasis.Spec ? "spec" : "request");
        json.WriteString("outcome", ReplayText.Word(part.Outcome));
        if (part.Verdict is { } verdict)
            Write(json, verdict);
        else
            json.WriteString("reason", part.Reason);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteStartArray("findings");
        foreach (var finding in verdict.Findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", finding.Rule);
            json.WriteString("control", finding.Control.Name());
            json.WriteString("mode", finding.Mode == RuleMode.Audit ? "audit" : "enforce");
            json.WriteString("effect", finding.Effect switch { Effect.Report => "report", Effect.Change => "change", _ => "refuse" });
            json.WriteString("field", finding.Field);
            json.WriteString("message", finding.Message);
            json.WriteString("remedy", finding.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("changes");
        foreach (var change in verdict.Changes)
        {
            json.WriteStartObject();
            json.WriteString("rule", change.Rule);
            json.WriteString("control", change.Control.Name());
            json.WriteString("field", change.Field);
            json.WriteString("before", change.Before);
            json.WriteString("after", change.After);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
