using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>Writes a profile in the OCI form: the same bytes for the same profile, and nothing that two runtimes read differently.</summary>
public static class SeccompWriter
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    public static ImmutableArray<byte> Write(SeccompProfile profile)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WriteAction(json, profile.DefaultAction, "defaultAction", "defaultErrnoRet");
            WriteList(json, "architectures", profile.Architectures);
            WriteList(json, "flags", profile.Flags);
            json.WriteStartArray("syscalls");
            foreach (var rule in profile.Rules)
                Write(json, rule);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return [.. buffer.WrittenSpan];
    }

    private static void Write(Utf8JsonWriter json, SeccompRule rule)
    {
        json.WriteStartObject();
        WriteList(json, "names", rule.Names);
        WriteAction(json, rule.Action, "action", "errnoRet");
        if (!rule.Conditions.IsEmpty)
        {
            json.WriteStartArray("args");
            foreach (var condition in rule.Conditions)
                Write(json, condition);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ArgumentCondition condition)
    {
        json.WriteStartObject();
        json.WriteNumber("index", condition.Index);
        json.WriteNumber("value", condition.Value);
        if (condition.Comparison == Comparison.MaskedEqual)
            json.WriteNumber("valueTwo", condition.Masked);
        json.WriteString("op", SeccompWords.Of(condition.Comparison));
        json.WriteEndObject();
    }

    // crun refuses an error beside an action that has none.
    private static void WriteAction(Utf8JsonWriter json, SeccompAction action, string key, string errnoKey)
    {
        json.WriteString(key, SeccompWords.Of(action.Kind));
        if (action.Kind is SeccompActionKind.Errno or SeccompActionKind.Trace)
            json.WriteNumber(errnoKey, action.Errno);
    }

    private static void WriteList(Utf8JsonWriter json, string key, ImmutableArray<string> items)
    {
        if (items.IsEmpty)
            return;
        json.WriteStartArray(key);
        foreach (var item in items)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
