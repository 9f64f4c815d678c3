namespace CriGuard.Grpc.Http2;

/// <summary>The flags of RFC 9113 section 6; what a bit means depends on the type of its frame.</summary>
[Flags]
public enum FrameFlags : byte
{
    None = 0,
    EndStream = 0x1,

    /// <summary>The same bit as <see cref="EndStream"/>, on SETTINGS and PING (sections 6.5 and 6.7).</summary>
    Ack = EndStream,
    EndHeaders = 0x4,
    Padded = 0x8,
    Priority = 0x20,
}
