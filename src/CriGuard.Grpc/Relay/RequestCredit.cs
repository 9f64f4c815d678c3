using System.Runtime.InteropServices;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Relay;

/// <summary>
/// The client's connection window for requests. The runtime returns credit for what is relayed to it, the relay for all else; both count here, so
/// a client that sends more than it was given is found (RFC 9113 section 6.9.1).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct RequestCredit()
{
    // Small enough to leave a client most of the smallest window, large enough that small requests share a WINDOW_UPDATE.
    private const int Batch = 8 * 1024;

    private long _window = FlowWindow.DefaultSize;
    private int _owed;

    /// <summary>False when the client sends past its window.</summary>
    public bool TryReceive(int octets)
    {
        _window -= octets;
        return _window >= 0;
    }

    /// <summary>The runtime gives credit.</summary>
    public void Grant(int increment) => _window += increment;

    /// <summary>Octets that the runtime will never see.</summary>
    public void Owe(int octets) => _owed += octets;

    /// <summary>True when enough is owed to be returned now.</summary>
    public bool TryReturn(out int increment)
    {
        increment = _owed;
        if (_owed < Batch)
            return false;
        _window += _owed;
        _owed = 0;
        return true;
    }
}
