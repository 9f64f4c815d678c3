using System.Text.Json;

namespace CriGuard.Cri.Facts;

/// <summary>The JSON that runtimes put into the `info` map of verbose replies: no schema holds for it, so anything may be absent or odd.</summary>
internal static class VerboseJson
{
    /// <summary>Characters: a container's entry has about 10,000, and a large seccomp profile adds tens of thousands.</summary>
    private const int Longest = 8 * 1024 * 1024;

    /// <summary>What <paramref name="read"/> makes of the value under the key; the fallback where there is none or it is no sound JSON.</summary>
    public static T Read<T>(IDictionary<string, string> info, string key, T fallback, Func<JsonElement, T> read)
    {
        if (!info.TryGetValue(key, out var text) || text.Length > Longest)
            return fallback;

        try
        {
            using var document = JsonDocument.Parse(text);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // The last two are what the reader throws on text with half a surrogate pair.
            return fallback;
        }
    }

    /// <summary>The element at a path of property names; undefined where any of them is missing.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return default;
        }

        return element;
    }

    public static string Text(this JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : "";

    /// <summary>0 where it is left out, as Go does with zeros; -1, which is no id, where it is no whole number.</summary>
    public static long Number(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetInt64(out var number) => number,
        JsonValueKind.Undefined => 0,
        _ => -1,
    };

    public static bool IsTrue(this JsonElement element) => element.ValueKind == JsonValueKind.True;

    public static bool IsObject(this JsonElement element) => element.ValueKind == JsonValueKind.Object;

    /// <summary>The elements of an array; none where it is anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];
}
