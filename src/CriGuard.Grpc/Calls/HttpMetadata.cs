using System.Net.Http.Headers;
using System.Text;

namespace CriGuard.Grpc.Calls;

/// <summary>Call metadata as the headers of the framework's HTTP client, both ways.</summary>
internal static class HttpMetadata
{
    /// <summary>
    /// Sets headers as they are, without validation. Repeated names become one header, their values joined by a comma, as HTTP and gRPC over
    /// HTTP/2 ("Custom-Metadata") allow; grpc-go does not take binary ones apart again and refuses such a call.
    /// </summary>
    public static void Write(CallMetadata metadata, HttpRequestMessage request)
    {
        foreach (var entry in metadata)
        {
            if (!request.Headers.TryAddWithoutValidation(entry.Name, entry.Text))
                request.Content?.Headers.TryAddWithoutValidation(entry.Name, entry.Text);
        }
    }

    /// <summary>The header section of a response, without the length that belongs to one hop.</summary>
    public static CallMetadata ReadHeaders(HttpResponseMessage response)
    {
        var metadata = new CallMetadata();
        Read(response.Content.Headers, metadata);
        Read(response.Headers, metadata);
        return metadata;
    }

    public static CallMetadata ReadTrailers(HttpResponseMessage response)
    {
        var metadata = new CallMetadata();
        Read(response.TrailingHeaders, metadata);
        return metadata;
    }

    private static void Read(HttpHeaders headers, CallMetadata into)
    {
        foreach (var (name, values) in headers.NonValidated)
        {
            // HTTP/2 has lower-case names only (RFC 9113 section 8.2); the framework turns known ones into their customary spelling.
            var lower = LowerCase(name);
            if (lower is "content-length")
                continue;
            foreach (var value in values)
                into.Add(lower, Encoding.Latin1.GetBytes(value));
        }
    }

    private static string LowerCase(string name) => name.Any(char.IsAsciiLetterUpper) ? string.Create(name.Length, name, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
    }) : name;
}
