namespace CriGuard.Grpc.Http2;

/// <summary>How far an error reaches: GOAWAY ends the connection, RST_STREAM one stream (RFC 9113 section 5.4).</summary>
public enum ErrorScope
{
    Connection,
    Stream,
}
