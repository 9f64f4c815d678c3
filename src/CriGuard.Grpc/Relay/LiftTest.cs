namespace CriGuard.Grpc.Relay;

/// <summary>
/// Decides by the <c>:path</c> of a call whether it is lifted; asked on a relay thread for every call, so it must be quick and allocate
/// nothing.
/// </summary>
public delegate bool LiftTest(ReadOnlySpan<byte> path);

/// <summary>
/// Answers a lifted call. Runs on the thread pool, never on a relay thread; what it throws becomes INTERNAL to the client.
/// </summary>
public delegate Task LiftedCallHandler(LiftedCall call);
