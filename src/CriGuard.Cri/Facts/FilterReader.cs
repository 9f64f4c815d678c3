using System.Collections.Immutable;
using System.Text.Json;
using CriGuard.Core.Workloads;

namespace CriGuard.Cri.Facts;

/// <summary>Reads a seccomp filter as runtime specs have it, which is also the form of the files that containerd takes (runtime-spec, config-linux.md, "Seccomp").</summary>
public static class FilterReader
{
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 16 };

    /// <summary>Null where the text is no filter.</summary>
    public static FilterRules? Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // The last two are what the reader throws on text with half a surrogate pair.
            return null;
        }
    }

    internal static FilterRules? Read(JsonElement filter)
    {
        if (!filter.IsObject())
            return null;
        var rules =
            from rule in filter.At("syscalls").Items()
            let does = $"{rule.At("action").Text()} {rule.At("errnoRet").Number()} {string.Join(' ', rule.At("args").Items().Select(Condition).Order(StringComparer.Ordinal))}"
            from name in rule.At("names").Items()
            select $"{name.Text()} {does}";
        return new FilterRules(
            filter.At("defaultAction").Text(),
            filter.At("architectures").Items().Select(static a => a.Text()).ToImmutableSortedSet(StringComparer.Ordinal),
            rules.ToImmutableSortedSet(StringComparer.Ordinal));
    }

    private static string Condition(JsonElement condition) =>
        $"[{condition.At("index").Number()} {condition.At("op").Text()} {Unsigned(condition.At("value"))} {Unsigned(condition.At("valueTwo"))}]";

    // Values are 64 bits wide: `Number` would make one of all that are beyond the signed ones.
    private static ulong Unsigned(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) ? number : 0;
}
