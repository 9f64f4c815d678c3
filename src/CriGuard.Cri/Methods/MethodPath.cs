using System.Buffers;

namespace CriGuard.Cri.Methods;

/// <summary>The two halves of a call's `:path`: `/runtime.v1.RuntimeService/Status`.</summary>
public readonly ref struct MethodPath
{
    private static readonly SearchValues<byte> Identifier =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    private static readonly SearchValues<byte> QualifiedIdentifier =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_."u8);

    private MethodPath(ReadOnlySpan<byte> service, ReadOnlySpan<byte> method)
    {
        Service = service;
        Method = method;
    }

    /// <summary>Package and service, dotted.</summary>
    public ReadOnlySpan<byte> Service { get; }

    public ReadOnlySpan<byte> Method { get; }

    /// <summary>True for the two services of the CRI, in whatever version: `runtime.v1.RuntimeService`, `runtime.v2alpha1.ImageService`.</summary>
    public bool IsOfCri
    {
        get
        {
            var rest = Service;
            if (!rest.StartsWith("runtime.v"u8))
                return false;
            rest = rest["runtime.v"u8.Length..];
            var dot = rest.IndexOf((byte)'.');
            return dot > 0 && char.IsAsciiDigit((char)rest[0]) && (rest[(dot + 1)..].SequenceEqual("RuntimeService"u8) || rest[(dot + 1)..].SequenceEqual("ImageService"u8));
        }
    }

    /// <summary>
    /// Reads exactly `/service/method` of protobuf identifiers ("Path" in gRPC over HTTP/2). Stricter than servers are: grpc-go has
    /// answered paths without the leading slash too, and such a spelling must not be a way around the table.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> path, out MethodPath parsed)
    {
        parsed = default;
        if (path.IsEmpty || path[0] != (byte)'/')
            return false;

        var rest = path[1..];
        var slash = rest.IndexOf((byte)'/');
        if (slash <= 0 || slash == rest.Length - 1)
            return false;

        var service = rest[..slash];
        var method = rest[(slash + 1)..];
        if (service.ContainsAnyExcept(QualifiedIdentifier) || method.ContainsAnyExcept(Identifier))
            return false;

        parsed = new MethodPath(service, method);
        return true;
    }
}
