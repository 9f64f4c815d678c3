namespace CriGuard.Grpc.Relay;

/// <summary>How far a relayed stream has come.</summary>
[Flags]
internal enum RelayedState : byte
{
    Open = 0,

    /// <summary>The client has sent END_STREAM.</summary>
    ClientDone = 1,

    /// <summary>The runtime has sent END_STREAM.</summary>
    RuntimeDone = 2,

    /// <summary>The runtime has sent response headers.</summary>
    ReplyStarted = 4,

    /// <summary>Of a call that has no end: a drain does not wait for it.</summary>
    NeverEnds = 8,

    Done = ClientDone | RuntimeDone,
}
