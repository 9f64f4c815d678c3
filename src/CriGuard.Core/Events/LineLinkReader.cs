using System.Text.Json;

namespace CriGuard.Core.Events;

/// <summary>Reads a line's place in the chain without making an entry of it: a proof over millions of lines needs no more.</summary>
public static class LineLinkReader
{
    /// <summary>False where the line is not one JSON object with a sequence and the hash of the line before.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out LineLink link)
    {
        link = default;
        try
        {
            return TryWalk(new Utf8JsonReader(line), out link);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryWalk(Utf8JsonReader json, out LineLink link)
    {
        link = default;
        long sequence = 0;
        LineHash? previous = null;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isSequence = json.ValueTextEquals("seq"u8);
            var isPrevious = json.ValueTextEquals("prev"u8);
            json.Read();
            if (isSequence && (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out sequence)))
                return false;
            if (isPrevious)
            {
                if (json.TokenType != JsonTokenType.String || !LineHash.TryParse(json.ValueSpan, out var hash))
                    return false;
                previous = hash;
            }

            json.Skip();
        }

        // One more read finds what stands behind the object and throws on it.
        if (json.Read() || sequence < 1 || previous is not { } known)
            return false;
        link = new LineLink(sequence, known);
        return true;
    }
}
