using System.Buffers;
using System.Text;
using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>The input is the header block of a request; an accepted one is looked at again by slower and plainer means.</summary>
internal static class RequestHeadersTarget
{
    private static readonly string[] Known = [":method", ":scheme", ":path", ":authority"];

    public static readonly Target Value = new(
        "request-headers",
        [
            Request(":method", "POST", ":scheme", "http", ":path", "/runtime.v1.RuntimeService/Version", ":authority", "localhost", "te", "trailers"),
            Request(":method", "POST", ":scheme", "http", ":path", "/runtime.v1.ImageService/PullImage", "grpc-timeout", "120000m"),
            Request(":scheme", "http", ":method", "POST", ":path", "/a", "te", "gzip", "connection", "close"),
            Request(":path", "/a", ":path", "/b", "X-Upper", "a\nb", ":status", "200"),
        ],
        Run);

    private static bool Run(byte[] input)
    {
        var fields = new HeaderFields();
        if (new HpackDecoder(4096).TryDecode(input, fields, 8192) is not ErrorCode.NoError)
            return false;
        var trailers = RequestHeaders.CheckTrailers(fields) is ErrorCode.NoError;
        var request = RequestHeaders.Check(fields) is ErrorCode.NoError;
        Promise.Keep(!(trailers && request), "no section is a request and trailers");
        if (request)
            LooksLikeOne(fields);
        return request || trailers;
    }

    private static void LooksLikeOne(HeaderFields fields)
    {
        var names = new List<string>();
        for (var i = 0; i < fields.Count; i++)
        {
            var name = Encoding.Latin1.GetString(fields[i].Name);
            var value = Encoding.Latin1.GetString(fields[i].Value);
            names.Add(name);
            Promise.Keep(name.Length > 0 && name.All(c => c is > ' ' and < '\x7f' and not (>= 'A' and <= 'Z')), "names are visible and lower case");
            Promise.Keep(value.Trim(' ', '\t') == value && value.IndexOfAny(['\0', '\r', '\n']) < 0, "values end no line");
            Promise.Keep(name != "te" || value == "trailers", "te is trailers");
            Promise.Keep(name is not ("connection" or "upgrade" or "keep-alive" or "transfer-encoding"), "no field is about a connection");
        }

        var pseudo = names.TakeWhile(name => name.StartsWith(':')).ToList();
        Promise.Keep(!names.Skip(pseudo.Count).Any(name => name.Contains(':', StringComparison.Ordinal)), "pseudo-headers come first");
        Promise.Keep(pseudo.Distinct().Count() == pseudo.Count && pseudo.All(Known.Contains), "pseudo-headers are known and single");
        Promise.Keep(Known.Take(3).All(pseudo.Contains), "the required are there");
        Promise.Keep(fields.TryGet(":path"u8, out var path) && path is [(byte)'/', ..], "a path begins with its slash");
    }

    private static byte[] Request(params string[] namesAndValues)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var field in namesAndValues.Chunk(2))
            HpackEncoder.WriteField(Encoding.Latin1.GetBytes(field[0]), Encoding.Latin1.GetBytes(field[1]), neverIndexed: false, output);
        return output.WrittenSpan.ToArray();
    }
}
