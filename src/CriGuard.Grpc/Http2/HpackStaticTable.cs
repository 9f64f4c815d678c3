namespace CriGuard.Grpc.Http2;

/// <summary>The 61 fields of RFC 7541 appendix A.</summary>
internal static class HpackStaticTable
{
    public const int Count = 61;

    private static readonly (byte[] Name, byte[] Value)[] Fields =
    [
        Field(":authority"), Field(":method", "GET"), Field(":method", "POST"), Field(":path", "/"), Field(":path", "/index.html"),
        Field(":scheme", "http"), Field(":scheme", "https"), Field(":status", "200"), Field(":status", "204"), Field(":status", "206"),
        Field(":status", "304"), Field(":status", "400"), Field(":status", "404"), Field(":status", "500"), Field("accept-charset"),
        Field("accept-encoding", "gzip, deflate"), Field("accept-language"), Field("accept-ranges"), Field("accept"),
        Field("access-control-allow-origin"), Field("age"), Field("allow"), Field("authorization"), Field("cache-control"),
        Field("content-disposition"), Field("content-encoding"), Field("content-language"), Field("content-length"),
        Field("content-location"), Field("content-range"), Field("content-type"), Field("cookie"), Field("date"), Field("etag"),
        Field("expect"), Field("expires"), Field("from"), Field("host"), Field("if-match"), Field("if-modified-since"),
        Field("if-none-match"), Field("if-range"), Field("if-unmodified-since"), Field("last-modified"), Field("link"), Field("location"),
        Field("max-forwards"), Field("proxy-authenticate"), Field("proxy-authorization"), Field("range"), Field("referer"),
        Field("refresh"), Field("retry-after"), Field("server"), Field("set-cookie"), Field("strict-transport-security"),
        Field("transfer-encoding"), Field("user-agent"), Field("vary"), Field("via"), Field("www-authenticate"),
    ];

    // Indexes by length of the name: few names share one, so that a look-up compares two or three.
    private static readonly byte[][] IndexesByLength = GroupByLength();

    /// <summary>The name of index 1 to <see cref="Count"/>.</summary>
    public static ReadOnlySpan<byte> NameAt(int index) => Fields[index - 1].Name;

    public static ReadOnlySpan<byte> ValueAt(int index) => Fields[index - 1].Value;

    /// <summary>The index of the field, or else of the first one with its name, or else 0.</summary>
    public static int Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out bool valueMatches)
    {
        valueMatches = false;
        if (name.Length >= IndexesByLength.Length)
            return 0;

        var found = 0;
        foreach (var index in IndexesByLength[name.Length])
        {
            if (!NameAt(index).SequenceEqual(name))
                continue;
            if (ValueAt(index).SequenceEqual(value))
            {
                valueMatches = true;
                return index;
            }

            if (found == 0)
                found = index;
        }

        return found;
    }

    private static (byte[] Name, byte[] Value) Field(string name, string value = "") =>
        (System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(value));

    private static byte[][] GroupByLength()
    {
        var longest = Fields.Max(field => field.Name.Length);
        return [.. Enumerable.Range(0, longest + 1).Select(WithNamesOf)];

        static byte[] WithNamesOf(int length) =>
            [.. Enumerable.Range(1, Count).Where(index => NameAt(index).Length == length).Select(index => (byte)index)];
    }
}
