using System.Globalization;
using System.Text;

namespace CriGuard.Grpc.Calls;

/// <summary>The percent-encoding of <c>grpc-message</c> (gRPC over HTTP/2, "Responses").</summary>
public static class StatusMessage
{
    private const string Hex = "0123456789ABCDEF";

    /// <summary>UTF-8, with all but printable ASCII, and the percent sign, as %XX.</summary>
    public static string Encode(string message)
    {
        if (message.All(IsPlain))
            return message;

        var encoded = new StringBuilder(message.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(message))
        {
            if (IsPlain((char)octet))
                encoded.Append((char)octet);
            else
                encoded.Append('%').Append(Hex[octet >> 4]).Append(Hex[octet & 15]);
        }

        return encoded.ToString();
    }

    /// <summary>Never fails: what is no escape stands for itself, and ill UTF-8 becomes U+FFFD, as the specification asks of receivers.</summary>
    public static string Decode(ReadOnlySpan<byte> encoded)
    {
        if (!encoded.Contains((byte)'%'))
            return Encoding.UTF8.GetString(encoded);

        var octets = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && byte.TryParse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                octets[length++] = octet;
                i += 2;
            }
            else
            {
                octets[length++] = encoded[i];
            }
        }

        return Encoding.UTF8.GetString(octets, 0, length);
    }

    private static bool IsPlain(char c) => c is >= ' ' and <= '~' and not '%';
}
