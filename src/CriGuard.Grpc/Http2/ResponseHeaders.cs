namespace CriGuard.Grpc.Http2;

/// <summary>Tells well-formed responses from malformed ones, which are a stream error PROTOCOL_ERROR (RFC 9113 section 8.1.1).</summary>
public static class ResponseHeaders
{
    private const int StatusDigits = 3;

    /// <summary>The <c>:status</c> of the field section that opens a response; false when that is malformed (RFC 9113 section 8.3.2).</summary>
    public static bool TryReadStatus(HeaderFields fields, out int status)
    {
        status = 0;
        if (fields.Count == 0 || !fields[0].Name.SequenceEqual(":status"u8) || fields[0].Value.Length != StatusDigits)
            return false;
        foreach (var digit in fields[0].Value)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            status = (status * 10) + (digit - '0');
        }

        return AreRegular(fields, from: 1);
    }

    /// <summary>Whether a field section may end a response: no pseudo-headers (RFC 9113 section 8.1).</summary>
    public static bool AreTrailers(HeaderFields fields) => AreRegular(fields, from: 0);

    private static bool AreRegular(HeaderFields fields, int from)
    {
        for (var i = from; i < fields.Count; i++)
        {
            // A status message may begin or end with blanks, which gRPC leaves as they are ("Responses") and section 8.2.1 forbids.
            var field = fields[i];
            if (!FieldRules.IsRegular(field.Name, field.Value.Trim(" \t"u8)))
                return false;
        }

        return true;
    }
}
