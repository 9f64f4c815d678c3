using System.Runtime.InteropServices;

namespace CriGuard.Grpc.Relay;

/// <summary>A token bucket for stream resets, against clients that open and reset streams for the work it makes (RFC 9113 section 10.5).</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ResetBudget(TimeProvider time, int burst, int perSecond)
{
    private double _tokens = burst;
    private long _last = time.GetTimestamp();

    public bool TrySpend()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_last, now).TotalSeconds * perSecond));
        _last = now;
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }
}
