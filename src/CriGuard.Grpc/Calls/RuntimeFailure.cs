using System.Net;
using System.Net.Sockets;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Calls;

/// <summary>Statuses and words for a runtime that cannot be reached or goes away.</summary>
internal static class RuntimeFailure
{
    public static GrpcStatus Unavailable(string runtime, string what) =>
        new(StatusCode.Unavailable, $"criguard: runtime {runtime} {what}");

    public static string Cause(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.AddressNotAvailable => "no such socket",
        SocketError.AccessDenied => "permission denied",
        SocketError.ConnectionReset => "connection reset",
        SocketError.Shutdown => "connection closed",
        _ => failure.Message,
    };

    /// <summary>The status of a call that the framework's client could not make or finish.</summary>
    public static GrpcStatus Status(string runtime, Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
                return Unavailable(runtime, $"does not answer: {Cause(socket)}");
            if (cause is HttpProtocolException protocol)
                return OfProtocol(runtime, protocol);
        }

        return Unavailable(runtime, "does not answer: connection closed");
    }

    // The framework has one exception for RST_STREAM and for GOAWAY: only its words, or their key in a build without texts, tell them apart.
    private static GrpcStatus OfProtocol(string runtime, HttpProtocolException failure)
    {
        var code = (ErrorCode)failure.ErrorCode;
        return failure.Message.Contains("stream", StringComparison.Ordinal)
            ? Reset(runtime, code)
            : Unavailable(runtime, $"closed the connection: {code}");
    }

    // gRPC over HTTP/2, "Errors": the HTTP/2 error codes of a reset stream.
    private static GrpcStatus Reset(string runtime, ErrorCode code)
    {
        var status = code switch
        {
            ErrorCode.RefusedStream => StatusCode.Unavailable,
            ErrorCode.Cancel => StatusCode.Cancelled,
            ErrorCode.EnhanceYourCalm => StatusCode.ResourceExhausted,
            ErrorCode.InadequateSecurity => StatusCode.PermissionDenied,
            _ => StatusCode.Internal,
        };
        return new GrpcStatus(status, $"criguard: runtime {runtime} reset the stream: {code}");
    }

    /// <summary>The status of a response that has none (gRPC, "HTTP to gRPC Status Code Mapping").</summary>
    public static GrpcStatus NoStatus(string runtime, HttpStatusCode code)
    {
        var status = (int)code switch
        {
            400 => StatusCode.Internal,
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 => StatusCode.Unimplemented,
            429 or 502 or 503 or 504 => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        };
        return new GrpcStatus(status, $"criguard: runtime {runtime} answered without a status: HTTP {(int)code}");
    }
}
