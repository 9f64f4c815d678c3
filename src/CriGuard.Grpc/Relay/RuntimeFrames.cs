using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>Takes the frames of the runtime, one after the other, under the lock, and passes them to the client as they are.</summary>
internal sealed class RuntimeFrames(Link link, LiftedRequests requests)
{
    // The runtime is trusted more than a client, but not with all memory.
    private const int MaxBlock = 1024 * 1024;
    private const int MaxBlockFrames = 1024;

    private readonly HeaderBlock _block = new(MaxBlock, MaxBlockFrames);
    private readonly RuntimeGoAway _goAway = new(link);

    /// <exception cref="ConnectionFaultException">The runtime broke the protocol: its connection must end.</exception>
    public void Take(in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        _block.CheckOrder(header);
        if (!link.IsGreeted && (header.Type is not FrameType.Settings || header.Has(FrameFlags.Ack)))
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"{header.Type} frame before SETTINGS");
        // Of lifted streams it has never heard.
        if (header.StreamId > link.Streams.HighestRelayed)
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"{header.Type} frame on idle stream {header.StreamId}");

        var payload = frame[FrameHeader.Size..];
        switch (header.Type)
        {
            case FrameType.Headers or FrameType.Continuation:
                TakeBlock(header, frame);
                break;
            case FrameType.Data:
                link.RuntimeSpoke = true;
                // Header blocks of such a stream still pass: the client's table must hear of them.
                if (link.Streams.WasEndedHere(header.StreamId))
                    break;
                Pass(header, frame);
                if (header.Has(FrameFlags.EndStream))
                    link.Streams.Advance(header.StreamId, RelayedState.RuntimeDone);
                break;
            case FrameType.Settings:
                TakeSettings(header, frame, payload);
                break;
            case FrameType.WindowUpdate:
                if (header.StreamId == 0)
                    link.RequestCredit.Grant(FramePayload.ReadWindowIncrement(payload));
                Pass(header, frame);
                break;
            case FrameType.RstStream:
                if (link.Streams.RemoveRelayed(header.StreamId))
                    Pass(header, frame);
                break;
            case FrameType.Ping:
                Pass(header, frame);
                break;
            case FrameType.GoAway:
                _goAway.Take(payload);
                break;
            default:
                // PRIORITY is deprecated (RFC 9113 section 5.3.2), unknown types are ignored (section 5.5).
                break;
        }
    }

    public void Release() => _block.Release();

    private bool Pass(in FrameHeader header, ReadOnlySpan<byte> unit) => link.ClientWindow.Pass(header, unit, link.ToClient.Pending);

    // Frames between those of one block would break it (RFC 9113 section 6.10), and lifted replies are written at any time: so it waits to be whole.
    private void TakeBlock(in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        link.RuntimeSpoke = true;
        if (header.Type is FrameType.Headers && header.Has(FrameFlags.EndHeaders))
        {
            PassBlock(header, frame);
            return;
        }

        if (header.Type is FrameType.Headers)
            _block.Begin(header, frame);
        else
            _block.Continue(frame);
        if (!header.Has(FrameFlags.EndHeaders))
            return;
        PassBlock(_block.First, _block.Octets);
        _block.End();
    }

    private void PassBlock(in FrameHeader header, ReadOnlySpan<byte> block)
    {
        // One that is held may come too late: a lifted block before it must say the size as well.
        if (Pass(header, block))
            link.TableSize.RuntimeBlock();
        link.Streams.Advance(header.StreamId, RelayedState.ReplyStarted);
        if (header.Has(FrameFlags.EndStream))
            link.Streams.Advance(header.StreamId, RelayedState.RuntimeDone);
    }

    private void TakeSettings(in FrameHeader header, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack))
        {
            link.TableSize.Acknowledged();
            Pass(header, frame);
            return;
        }

        foreach (var setting in Settings.Enumerate(payload))
        {
            SettingsRewrite.Check(setting);
        }

        var rewritten = new ByteQueue();
        SettingsRewrite.Write(payload, rewritten, keepTableSize: false);
        link.Greet(rewritten.Octets);
        rewritten.Release();
        foreach (var setting in Settings.Enumerate(payload))
        {
            if (setting.Id is SettingId.InitialWindowSize)
                MoveWindows((int)setting.Value);
        }
    }

    private void MoveWindows(int size)
    {
        var delta = size - link.RuntimeInitialWindow;
        link.RuntimeInitialWindow = size;
        link.LargestRuntimeInitialWindow = Math.Max(size, link.LargestRuntimeInitialWindow);
        requests.ShiftWindows(delta);
    }
}
