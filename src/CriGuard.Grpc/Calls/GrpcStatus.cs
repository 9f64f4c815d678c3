using System.Runtime.InteropServices;

namespace CriGuard.Grpc.Calls;

/// <summary>How a call ended: the code and the message for people, not yet encoded for the wire.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GrpcStatus(StatusCode Code, string Message)
{
    public static GrpcStatus Ok { get; } = new(StatusCode.Ok, "");

    public bool IsOk => Code is StatusCode.Ok;

    public override string ToString() => Message.Length == 0 ? Code.ToString() : $"{Code}: {Message}";
}
