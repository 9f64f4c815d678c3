using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>The end of a relayed stream whose runtime does not say it.</summary>
internal sealed class OwedReply(Link link)
{
    private readonly ByteQueue _block = new();

    /// <summary>Under the lock: ends the stream for its client with this status, behind whatever of its reply has come.</summary>
    public void Answer(int id, RelayedState state, GrpcStatus status)
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
