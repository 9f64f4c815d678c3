using System.Globalization;
using System.Text;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Calls;

/// <summary>A status as the trailers that carry it, both ways (gRPC over HTTP/2, "Responses").</summary>
internal static class StatusTrailers
{
    public static CallMetadata Write(GrpcStatus status)
    {
        var trailers = new CallMetadata();
        trailers.Add("grpc-status", ((int)status.Code).ToString(CultureInfo.InvariantCulture));
        if (status.Message.Length > 0)
            trailers.Add("grpc-message", StatusMessage.Encode(status.Message));
        return trailers;
    }

    /// <summary>False when there is no status at all; one that is no number is UNKNOWN.</summary>
    public static bool TryRead(HeaderFields trailers, out GrpcStatus status)
    {
        status = default;
        if (!trailers.TryGet("grpc-status"u8, out var code))
            return false;

        var message = trailers.TryGet("grpc-message"u8, out var encoded) ? StatusMessage.Decode(encoded) : "";
        status = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new GrpcStatus((StatusCode)number, message)
            : new GrpcStatus(StatusCode.Unknown, $"status `{Encoding.Latin1.GetString(code)}` is no number: {message}");
        return true;
    }
}
