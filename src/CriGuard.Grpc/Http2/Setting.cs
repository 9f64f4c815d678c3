using System.Runtime.InteropServices;

namespace CriGuard.Grpc.Http2;

/// <summary>The settings of RFC 9113 section 6.5.2 and RFC 8441; other values are to be ignored.</summary>
public enum SettingId : ushort
{
    HeaderTableSize = 0x1,
    EnablePush = 0x2,
    MaxConcurrentStreams = 0x3,
    InitialWindowSize = 0x4,
    MaxFrameSize = 0x5,
    MaxHeaderListSize = 0x6,
    EnableConnectProtocol = 0x8,
}

/// <summary>One entry of a SETTINGS payload.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Setting(SettingId Id, uint Value)
{
    /// <summary>Octets of one entry (RFC 9113 section 6.5.1).</summary>
    public const int Size = 6;
}
