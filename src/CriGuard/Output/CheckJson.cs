using System.Text.Encodings.Web;
using System.Text.Json;
using CriGuard.Doctor;

namespace CriGuard.Output;

// [{"name":"kubelet-endpoint","outcome":"fault","seen":"…","remedy":"…"}]

/// <summary>Checks for programs; `remedy` is left out where there is nothing to do.</summary>
internal static class CheckJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(IEnumerable<Check> checks)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            foreach (var check in checks)
            {
                json.WriteStartObject();
                json.WriteString("name", check.Name);
                json.WriteString("outcome", CheckText.Word(check.Outcome).ToLowerInvariant());
                json.WriteString("seen", check.Seen);
                if (check.Remedy.Length > 0)
                    json.WriteString("remedy", check.Remedy);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) + "\n";
    }
}
