using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>What is left to say to the client when the runtime's connection has ended.</summary>
internal sealed class RuntimeLoss(Link link)
{
    private readonly ByteQueue _block = new();

    /// <summary>Under the lock: answers what the runtime owes, and sends the client to another connection once lifted calls are done.</summary>
    public void Settle(string cause)
    {
        if (link.ToRuntime is null || link.Over)
            return;
        link.ToRuntime.Close();
        link.ToRuntime = null;
        link.GreetAnyway();

        var status = RuntimeFailure.Unavailable(link.Options.RuntimeName, $"does not answer: {cause}");
        foreach (var (id, state) in link.Streams.Relayed.ToArray())
            Answer(id, state, status);
        AcknowledgeSettings();
        link.GoAway(link.Streams.Highest, ErrorCode.NoError, "the runtime has gone"u8);
        link.CloseIfDone();
    }

    // Behind what was written under the table sizes before, held blocks included.
    private void AcknowledgeSettings()
    {
        Span<byte> frame = stackalloc byte[FrameWriter.SettingsAckSize];
        FrameWriter.WriteSettingsAck(frame);
        while (link.TableSize.Unacknowledged > 0)
        {
            link.TableSize.Acknowledged();
            link.ClientWindow.Pass(new FrameHeader(0, FrameType.Settings, FrameFlags.Ack, 0), frame, link.ToClient.Pending);
        }
    }

    private void Answer(int id, RelayedState state, GrpcStatus status)
    {
        link.Streams.RemoveRelayed(id);
        if (!state.HasFlag(RelayedState.RuntimeDone))
        {
            var started = state.HasFlag(RelayedState.ReplyStarted);
            if (!started)
            {
                HpackEncoder.WriteField(":status"u8, "200"u8, neverIndexed: false, _block);
                HpackEncoder.WriteField("content-type"u8, "application/grpc"u8, neverIndexed: false, _block);
            }

            foreach (var (name, value, _) in StatusTrailers.Write(status))
                HpackEncoder.WriteField(System.Text.Encoding.ASCII.GetBytes(name), value.Span, neverIndexed: false, _block);
            PassFrames(id);
            _block.Clear();
        }

        if (!state.HasFlag(RelayedState.ClientDone))
            link.ResetForClient(id, ErrorCode.NoError);
    }

    // Behind what may still be held of that stream.
    private void PassFrames(int id)
    {
        var frames = new ByteQueue();
        BlockWriter.Write(frames, id, endStream: true, _block.Octets);
        var header = new FrameHeader(_block.Length, FrameType.Headers, FrameFlags.EndStream | FrameFlags.EndHeaders, id);
        link.ClientWindow.Pass(header, frames.Octets, link.ToClient.Pending);
        frames.Release();
    }
}
