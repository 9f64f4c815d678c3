using System.Text.Json;
using CriGuard.Core.Sandboxes;

namespace CriGuard.Output;

// {"pods":1,"rss":123,"pss":45,"levels":{"gvisor":{"pods":1,"rss":123,"pss":45}},"sandboxes":[{"namespace":"team-a","name":"web-0","uid":"…","id":"…",
//  "requested":"","handler":"runsc","decided":"gvisor","rule":"untrusted","level":"gvisor","runtime":"runsc","platform":"ptrace","processes":[1,2],"rss":123,
//  "pss":45,"weaker":false}]}

/// <summary>What isolates the pods of a node, for programs: memory in bytes, `requested` and `decided` left out where the log does not have them.</summary>
internal static class SandboxJson
{
    public static void Write(TextWriter output, IReadOnlyList<RunningSandbox> sandboxes) => JsonText.Write(output, json =>
    {
        json.WriteStartObject();
        WriteTotal(json, sandboxes);
        json.WriteStartObject("levels");
        foreach (var level in sandboxes.GroupBy(static s => s.Runtime.Level).OrderBy(static g => g.Key))
        {
            json.WriteStartObject(SandboxTable.Level(level.Key));
            WriteTotal(json, [.. level]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("sandboxes");
        foreach (var sandbox in sandboxes)
            Write(json, sandbox);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteTotal(Utf8JsonWriter json, IReadOnlyCollection<RunningSandbox> sandboxes)
    {
        json.WriteNumber("pods", sandboxes.Count);
        Write(json, SandboxTable.Total(sandboxes));
    }

    private static void Write(Utf8JsonWriter json, RunningSandbox sandbox)
    {
        json.WriteStartObject();
        json.WriteString("namespace", sandbox.Pod.Namespace);
        json.WriteString("name", sandbox.Pod.Name);
        json.WriteString("uid", sandbox.Pod.Uid);
        json.WriteString("id", sandbox.Id);
        json.WriteString("handler", sandbox.Handler);
        if (sandbox.Decision is { } decision)
        {
            json.WriteString("requested", decision.Requested);
            json.WriteString("decided", SandboxTable.Level(decision.Level));
            json.WriteString("rule", decision.Rule);
        }

        json.WriteString("level", SandboxTable.Level(sandbox.Runtime.Level));
        json.WriteString("runtime", sandbox.Runtime.Name);
        json.WriteString("platform", sandbox.Runtime.Platform);
        json.WriteStartArray("processes");
        foreach (int pid in sandbox.Runtime.Processes)
            json.WriteNumberValue(pid);
        json.WriteEndArray();
        Write(json, sandbox.Memory);
        json.WriteBoolean("weaker", sandbox.IsWeaker);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ProcessMemory memory)
    {
        json.WriteNumber("rss", memory.Resident);
        json.WriteNumber("pss", memory.Proportional);
    }
}
