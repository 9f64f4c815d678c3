using System.Text.Json;
using CriGuard.Core.Enforcement;
using CriGuard.Inspection;

namespace CriGuard.Output;

// [{"namespace":"team-a","pod":"web-0","container":"web","id":"0d3f…","handler":"","state":"running","pid":4242,"outcome":"differs","revision":"3e0b5a9f4c11",
//   "runtimeNamespace":"","notApplied":"","problem":"","differences":[{"aspect":"capabilities","where":"spec","pid":0,"what":"`CAP_SYS_ADMIN` (bounding), beyond what is asked for"}],
//   "rows":[{"aspect":"seccomp","name":"seccomp","asked":"Unconfined","decided":"RuntimeDefault","spec":"SCMP_ACT_ERRNO, 384 rules","kernel":"1 filter"}]}]

/// <summary>What is enforced on containers, for programs: each with its rows and what differs.</summary>
internal static class InspectionJson
{
    public static void Write(TextWriter output, IEnumerable<InspectedContainer> containers) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (var container in containers)
            Write(json, container);
        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, InspectedContainer container)
    {
        json.WriteStartObject();
        json.WriteString("namespace", container.Pod.Namespace);
        json.WriteString("pod", container.Pod.Name);
        json.WriteString("container", container.Name);
        json.WriteString("id", container.Id);
        json.WriteString("handler", container.Handler);
        json.WriteString("state", container.State);
        json.WriteNumber("pid", container.Process?.Pid ?? 0);
        json.WriteString("outcome", InspectionText.Word(container.Outcome));
        json.WriteString("revision", container.Decision?.Revision ?? "");
        // Of one that no list of the CRI has: where its maker put it.
        json.WriteString("runtimeNamespace", container.Unlisted?.Namespace ?? "");
        json.WriteString("notApplied", container.NotApplied);
        json.WriteString("problem", container.Problem);
        json.WriteStartArray("differences");
        foreach (var deviation in container.OfSpec)
            Write(json, "spec", 0, deviation);
        foreach (var deviation in container.OfProcess)
            Write(json, "kernel", container.Process!.Pid, deviation);
        foreach (var (process, drift) in container.Entered)
        {
            foreach (var deviation in drift)
                Write(json, "entered", process.Pid, deviation);
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (var row in container.Rows)
            Write(json, row);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string where, int pid, Deviation deviation)
    {
        json.WriteStartObject();
        json.WriteString("aspect", Name(deviation.Aspect));
        json.WriteString("where", where);
        json.WriteNumber("pid", pid);
        json.WriteString("what", deviation.Text);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, InspectedRow row)
    {
        json.WriteStartObject();
        json.WriteString("aspect", Name(row.Aspect));
        json.WriteString("name", row.Name);
        json.WriteString("asked", row.Asked);
        json.WriteString("decided", row.Decided);
        json.WriteString("spec", row.Spec);
        json.WriteString("kernel", row.Kernel);
        json.WriteEndObject();
    }

    private static string Name(Aspect aspect) => JsonNamingPolicy.CamelCase.ConvertName(aspect.ToString());
}
