using System.Runtime.InteropServices;

namespace CriGuard.Grpc.Calls;

/// <summary>The answer to a question of CriGuard's own; the message is empty unless the status is OK.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RuntimeReply(GrpcStatus Status, ReadOnlyMemory<byte> Message);
