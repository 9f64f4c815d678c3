namespace CriGuard.Grpc.Http2;

/// <summary>The octets with which a client opens a connection (RFC 9113 section 3.4).</summary>
public static class Preface
{
    public static ReadOnlySpan<byte> Bytes => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;
}
