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

    /// <summary>The status of a stream that the runtime reset (gRPC over HTTP/2, "Errors").</summary>
    public static GrpcStatus Reset(string runtime, ErrorCode code)
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

    /// <summary>The status of a response that breaks RFC 9113.</summary>
    public static GrpcStatus Malformed(string runtime, string what) =>
        new(StatusCode.Internal, $"criguard: runtime {runtime} sent what is no reply: {what}");

    /// <summary>The status of a response whose header list passes <paramref name="limit"/> octets.</summary>
    public static GrpcStatus TooLarge(string runtime, int limit) =>
        new(StatusCode.ResourceExhausted, $"criguard: runtime {runtime} answered with headers of more than {limit} octets");

    /// <summary>The status of a response that has none (gRPC, "HTTP to gRPC Status Code Mapping").</summary>
    public static GrpcStatus NoStatus(string runtime, int http)
    {
        var status = http switch
        {
            400 => StatusCode.Internal,
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 => StatusCode.Unimplemented,
            429 or 502 or 503 or 504 => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        };
        return new GrpcStatus(status, $"criguard: runtime {runtime} answered without a status: HTTP {http}");
    }
}
