namespace CriGuard.Grpc.Http2;

/// <summary>The octets of DATA that may still be sent on a stream or a connection (RFC 9113 section 6.9).</summary>
public struct FlowWindow(int initialSize)
{
    /// <summary>Octets with which every window starts until SETTINGS say otherwise (RFC 9113 section 6.9.2).</summary>
    public const int DefaultSize = 65_535;

    /// <summary>Octets; negative after a smaller SETTINGS_INITIAL_WINDOW_SIZE, until enough is granted (RFC 9113 section 6.9.2).</summary>
    public int Available { get; private set; } = initialSize;

    /// <summary>Takes the octets of a DATA payload, padding included. An empty one needs no window (RFC 9113 section 6.9.1).</summary>
    public bool TryConsume(int octets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        if (octets > 0 && octets > Available)
            return false;
        Available -= octets;
        return true;
    }

    /// <summary>Adds what WINDOW_UPDATE grants: none is PROTOCOL_ERROR (RFC 9113 section 6.9), past 2^31 - 1 FLOW_CONTROL_ERROR (6.9.1).</summary>
    public ErrorCode Grant(int increment) => increment <= 0 ? ErrorCode.ProtocolError : Add(increment);

    /// <summary>Moves the window by a change of SETTINGS_INITIAL_WINDOW_SIZE; past 2^31 - 1 is FLOW_CONTROL_ERROR (RFC 9113 section 6.9.2).</summary>
    public ErrorCode Shift(int delta) => Add(delta);

    // On an error the window stays as it was.
    private ErrorCode Add(int octets)
    {
        var sum = (long)Available + octets;
        if (sum is > int.MaxValue or < int.MinValue)
            return ErrorCode.FlowControlError;
        Available = (int)sum;
        return ErrorCode.NoError;
    }
}
