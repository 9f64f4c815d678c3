using System.Runtime.InteropServices;

namespace CriGuard.Grpc.Calls;

/// <summary>What the runtime answered to a forwarded call.</summary>
/// <param name="Status">As the client has been given it.</param>
/// <param name="FirstMessage">
/// The first message of the reply; empty when there was none, or one above <see cref="FirstMessageCapture.MaxSize"/>.
/// </param>
/// <param name="IsLeftOut">True where there was a first message and it is not here.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ForwardOutcome(GrpcStatus Status, ReadOnlyMemory<byte> FirstMessage, bool IsLeftOut = false);
