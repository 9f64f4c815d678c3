namespace CriGuard.Grpc.Http2;

/// <summary>
/// Tells well-formed requests from malformed ones, which are a stream error PROTOCOL_ERROR (RFC 9113 section 8.1.1).
/// </summary>
public static class RequestHeaders
{
    [Flags]
    private enum Pseudo
    {
        None = 0,
        Method = 1,
        Scheme = 2,
        Path = 4,
        Authority = 8,
        Required = Method | Scheme | Path,
    }

    /// <summary>Checks the field section that opens a request (RFC 9113 section 8.3.1). CONNECT, which has no path, is malformed here.</summary>
    public static ErrorCode Check(HeaderFields fields)
    {
        var seen = Pseudo.None;
        var regular = false;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (field.Name is not [(byte)':', ..])
            {
                regular = true;
                if (!FieldRules.IsRegular(field.Name, field.Value))
                    return ErrorCode.ProtocolError;
                continue;
            }

            // Pseudo-headers come first, each once, and none but the known (RFC 9113 section 8.3).
            var pseudo = Recognise(field);
            if (regular || pseudo is Pseudo.None || (seen & pseudo) != Pseudo.None)
                return ErrorCode.ProtocolError;
            seen |= pseudo;
        }

        return (seen & Pseudo.Required) == Pseudo.Required ? ErrorCode.NoError : ErrorCode.ProtocolError;
    }

    /// <summary>Checks the field section that ends a message: no pseudo-headers (RFC 9113 section 8.1).</summary>
    public static ErrorCode CheckTrailers(HeaderFields fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (!FieldRules.IsRegular(field.Name, field.Value))
                return ErrorCode.ProtocolError;
        }

        return ErrorCode.NoError;
    }

    // An unknown name or an ill value is None.
    private static Pseudo Recognise(HeaderField field)
    {
        if (!FieldRules.IsValue(field.Value))
            return Pseudo.None;
        if (field.Name.SequenceEqual(":authority"u8))
            return Pseudo.Authority; // Any value: kubelets up to 1.30 send the path of the socket.
        if (field.Name.SequenceEqual(":method"u8))
            return field.Value.IsEmpty ? Pseudo.None : Pseudo.Method;
        if (field.Name.SequenceEqual(":scheme"u8))
            return field.Value.IsEmpty ? Pseudo.None : Pseudo.Scheme;
        // Go's gRPC servers serve `Service/Method` like `/Service/Method`, so that a path without the slash would pass by whoever
        // looks for the second.
        if (field.Name.SequenceEqual(":path"u8))
            return field.Value is [(byte)'/', ..] ? Pseudo.Path : Pseudo.None;
        return Pseudo.None;
    }
}
