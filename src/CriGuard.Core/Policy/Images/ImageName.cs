using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace CriGuard.Core.Policy.Images;

/// <summary>An image reference in its parts, as every client reads it (distribution, "reference"): `nginx` is `docker.io/library/nginx`.</summary>
/// <param name="Host">With its port, where it has one.</param>
/// <param name="Path">Of the repository on that host.</param>
/// <param name="Digest">`sha256:…`; empty where the reference has none.</param>
public sealed record ImageName(string Host, string Path, string Digest)
{
    private const string DefaultHost = "docker.io";
    private const int LongestTag = 128;
    private const int LongestRepository = 255;
    private const int IdDigits = 64;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public string Repository => $"{Host}/{Path}";

    public bool IsSameRepository(ImageName other) => Host == other.Host && Path == other.Path;

    /// <summary>`sha256:` and 64 digits, or the digits alone as CRI-O writes them: what kubelets send for an image that is on the node.</summary>
    public static bool IsId(string text)
    {
        var digits = text.StartsWith("sha256:", StringComparison.Ordinal) ? text.AsSpan(7) : text;
        return digits.Length == IdDigits && !digits.ContainsAnyExcept(Hexadecimal);
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageName? name)
    {
        name = null;
        var (rest, digest) = Cut(text, text.IndexOf('@', StringComparison.Ordinal));
        if (digest is not null && !IsDigest(digest))
            return false;
        var slash = rest.LastIndexOf('/');
        var colon = rest.IndexOf(':', slash + 1);
        (rest, var tag) = Cut(rest, colon);
        if (tag is not null && !IsTag(tag))
            return false;
        var first = rest.IndexOf('/', StringComparison.Ordinal);
        var (host, path) = first > 0 && IsHostLike(rest[..first]) ? (rest[..first], rest[(first + 1)..]) : (DefaultHost, rest);
        if (host is DefaultHost or "index.docker.io")
            (host, path) = (DefaultHost, path.Contains('/', StringComparison.Ordinal) ? path : $"library/{path}");
        if (!IsHost(host) || path.Length + host.Length >= LongestRepository || !path.Split('/').All(IsComponent))
            return false;
        name = new ImageName(host.ToLowerInvariant(), path, digest ?? "");
        return true;
    }

    private static (string Before, string? After) Cut(string text, int at) => at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);

    /// <summary>What tells a host from the first part of a path on the default one.</summary>
    private static bool IsHostLike(string text) => text == "localhost" || text.AsSpan().IndexOfAny('.', ':') >= 0 || text.Any(char.IsAsciiLetterUpper);

    private static bool IsHost(string text)
    {
        var (name, port) = text.StartsWith('[') ? Cut(text, text.IndexOf("]:", StringComparison.Ordinal) is >= 0 and var end ? end + 1 : -1) : Cut(text, text.IndexOf(':', StringComparison.Ordinal));
        if (port is not null && (port.Length is 0 or > 5 || !port.All(char.IsAsciiDigit)))
            return false;
        return name.StartsWith('[')
            ? name.EndsWith(']') && name.Length > 2 && name[1..^1].All(static c => char.IsAsciiHexDigit(c) || c == ':')
            : name.Split('.').All(static part => part.Length > 0 && part[0] != '-' && part[^1] != '-' && part.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-'));
    }

    /// <summary>Small letters and digits, with one `.`, one or two `_`, or any number of `-` between them.</summary>
    private static bool IsComponent(string part)
    {
        if (part.Length == 0 || IsBetween(part[0]) || IsBetween(part[^1]))
            return false;
        for (var i = 0; i < part.Length; i++)
        {
            if (!IsBetween(part[i]))
            {
                if (!char.IsAsciiLetterLower(part[i]) && !char.IsAsciiDigit(part[i]))
                    return false;
                continue;
            }

            var run = i;
            while (IsBetween(part[i + 1]))
                i++;
            if (part[run..(i + 1)] is not ("." or "_" or "__") && part[run..(i + 1)].Any(static c => c != '-'))
                return false;
        }

        return true;
    }

    private static bool IsBetween(char c) => c is '.' or '_' or '-';

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= LongestTag && tag[0] is not ('.' or '-') && tag.All(static c => char.IsAsciiLetterOrDigit(c) || IsBetween(c));

    private static bool IsDigest(string digest)
    {
        var (algorithm, digits) = Cut(digest, digest.IndexOf(':', StringComparison.Ordinal));
        return algorithm.Length > 0 && algorithm.All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '.' or '-' or '_')
            && digits is { Length: >= 32 } && digits.All(char.IsAsciiHexDigit);
    }
}
