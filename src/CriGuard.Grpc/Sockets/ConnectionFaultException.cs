using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Sockets;

/// <summary>A peer broke the protocol in a way that ends its connection; the message becomes the debug text of GOAWAY.</summary>
internal sealed class ConnectionFaultException(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code => code;
}
