namespace CriGuard.TestBed.Calls;

/// <summary>A call that ended with another gRPC status than OK.</summary>
public sealed class CallFailedException(string method, int code, string text) : Exception($"`{method}` failed with status {code}: {text}")
{
    /// <summary>gRPC status code (grpc/statuscodes.md).</summary>
    public int Code { get; } = code;

    /// <summary>The status message as the other side wrote it.</summary>
    public string Text { get; } = text;
}
