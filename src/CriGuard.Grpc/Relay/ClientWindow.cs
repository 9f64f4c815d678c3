using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>
/// The client's connection window, which relayed and lifted replies share while the runtime believes it has it alone: what lifted replies
/// use of it is a debt that the client's next credit pays before the runtime hears of any (RFC 9113 section 6.9).
/// </summary>
internal sealed class ClientWindow
{
    private FlowWindow _window = new(FlowWindow.DefaultSize);
    private long _debt;

    public HeldFrames Held { get; } = new();

    /// <summary>Octets that a lifted reply may send now: held frames come first.</summary>
    public int ForLifted => Held.Any ? 0 : Math.Max(_window.Available, 0);

    public void ConsumeLifted(int octets)
    {
        _window.TryConsume(octets);
        _debt += octets;
    }

    /// <summary>Sends on a frame or a whole header block of the runtime; false when it is held until the window allows.</summary>
    public bool Pass(in FrameHeader header, ReadOnlySpan<byte> unit, ByteQueue output)
    {
        if (Held.MustFollow(header) || (header.Type is FrameType.Data && !_window.TryConsume(header.Length)))
        {
            Held.Add(header, unit);
            return false;
        }

        output.Append(unit);
        return true;
    }

    /// <summary>Takes credit of the client, lets held frames go, and says how much of it is the runtime's.</summary>
    public ErrorCode Grant(int increment, ByteQueue output, out int forRuntime)
    {
        forRuntime = 0;
        var error = _window.Grant(increment);
        if (error is not ErrorCode.NoError)
            return error;

        var kept = (int)Math.Min(_debt, increment);
        _debt -= kept;
        forRuntime = increment - kept;
        Held.Drain(ref _window, output);
        return ErrorCode.NoError;
    }
}
