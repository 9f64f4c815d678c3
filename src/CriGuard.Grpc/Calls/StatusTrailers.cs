using System.Globalization;
using System.Text;

namespace CriGuard.Grpc.Calls;

/// <summary>A status as the trailers that carry it, both ways (gRPC over HTTP/2, "Responses").</summary>
internal static class StatusTrailers
{
    public const string Code = "grpc-status";
    public const string Message = "grpc-message";

    public static CallMetadata Write(GrpcStatus status)
    {
        var trailers = new CallMetadata();
        trailers.Add(Code, ((int)status.Code).ToString(CultureInfo.InvariantCulture));
        if (status.Message.Length > 0)
            trailers.Add(Message, StatusMessage.Encode(status.Message));
        return trailers;
    }

    /// <summary>False when there is no status at all; one that is no number is UNKNOWN.</summary>
    public static bool TryRead(CallMetadata trailers, out GrpcStatus status)
    {
        status = default;
        if (!trailers.TryGet(Code, out var code))
            return false;

        var message = trailers.TryGet(Message, out var encoded) ? StatusMessage.Decode(Encoding.Latin1.GetBytes(encoded)) : "";
        status = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new GrpcStatus((StatusCode)number, message)
            : new GrpcStatus(StatusCode.Unknown, $"status `{code}` is no number: {message}");
        return true;
    }
}
