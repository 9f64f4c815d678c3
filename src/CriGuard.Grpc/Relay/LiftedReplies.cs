using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>
/// Writes the replies of lifted calls between the runtime's frames. Every method takes the lock itself or says that it wants it held.
/// </summary>
internal sealed class LiftedReplies(Link link)
{
    private readonly ByteQueue _block = new();

    // Those that have a Credit, and no others: whoever is forgotten is kept by nobody.
    private readonly LinkedList<LiftedStream> _waiting = new();

    /// <summary>Sends response headers; false when the stream has ended.</summary>
    public bool TryStart(LiftedStream stream, ReplyFields headers)
    {
        lock (link.Gate)
        {
            if (stream.Ended)
                return false;
            stream.ReplyStarted = true;
            WriteBlock(stream.Id, headers, response: true, endStream: false);
            return true;
        }
    }

    /// <summary>Without the lock: lets go what was sent.</summary>
    public void Flush() => link.ToClient.Flush(patient: false);

    /// <summary>
    /// Sends as much of <paramref name="octets"/> as the windows allow and says how much; with none, <paramref name="credit"/> completes when
    /// it is worth another try. Negative when the stream has ended.
    /// </summary>
    public int TryWrite(LiftedStream stream, ReadOnlySpan<byte> octets, out Task credit)
    {
        credit = Task.CompletedTask;
        var sent = 0;
        lock (link.Gate)
        {
            if (stream.Ended)
                return -1;
            while (sent < octets.Length && Sendable(stream, octets.Length - sent) is > 0 and var size)
            {
                var output = link.ToClient.Pending;
                output.Advance(FrameWriter.WriteDataHeader(output.GetSpan(FrameHeader.Size), stream.Id, size, endStream: false));
                output.Append(octets.Slice(sent, size));
                stream.ReplyWindow.TryConsume(size);
                link.ClientWindow.ConsumeLifted(size);
                sent += size;
            }

            if (sent == 0)
            {
                if (stream.Credit is null)
                    _waiting.AddLast(stream);
                stream.Credit ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                credit = stream.Credit.Task;
            }
            else
            {
                WakeWaiting();
            }
        }

        return sent;
    }

    /// <summary>Sends the trailers, as the only header block when none has been sent; false when the stream has ended before.</summary>
    public bool TryEnd(LiftedStream stream, ReplyFields trailers)
    {
        lock (link.Gate)
        {
            if (stream.Ended)
                return false;
            End(stream, trailers);
            link.CloseIfDone();
            return true;
        }
    }

    /// <summary>Under the lock: as <see cref="TryEnd"/>.</summary>
    public void End(LiftedStream stream, ReplyFields trailers)
    {
        WriteBlock(stream.Id, trailers, response: !stream.ReplyStarted, endStream: true);
        // The client need not send the rest (RFC 9113 section 8.1).
        if (!stream.ClientDone)
            link.ResetForClient(stream.Id, ErrorCode.NoError);
        Forget(stream);
    }

    /// <summary>Under the lock: answers a stream that is in no table and will not be.</summary>
    public void Refuse(int streamId, bool clientDone, GrpcStatus status)
    {
        var before = link.ToClient.Pending.Length;
        WriteBlock(streamId, StatusTrailers.Write(status), response: true, endStream: true);
        link.ToClient.CountAnswer(link.ToClient.Pending.Length - before);
        if (!clientDone)
            link.ResetForClient(streamId, ErrorCode.NoError);
        link.Streams.NoteClosed(streamId);
    }

    /// <summary>Under the lock: nobody waits for this reply any more.</summary>
    public void Cancel(LiftedStream stream)
    {
        if (stream.Ended)
            return;
        Forget(stream);
        // Not Cancel: its callbacks would run here, under the lock.
        _ = stream.Cancellation.CancelAsync();
    }

    /// <summary>Without the lock: the deadline has passed.</summary>
    public void Expire(LiftedStream stream)
    {
        stream.Expired = true;
        var status = new GrpcStatus(StatusCode.DeadlineExceeded, $"criguard: no answer within {stream.Timeout?.TotalSeconds} s");
        if (!TryEnd(stream, StatusTrailers.Write(status)))
            return;
        Flush();
        _ = stream.Cancellation.CancelAsync();
    }

    /// <summary>Under the lock: wakes as many of those that wait, in turn, as can send something.</summary>
    public void WakeWaiting()
    {
        var room = link.ToClient.HasRoom ? link.ClientWindow.ForLifted : 0;
        for (var node = _waiting.First; node is not null && room > 0;)
        {
            var stream = node.Value;
            node = node.Next;
            if (stream.ReplyWindow.Available <= 0)
                continue;
            room -= Math.Min(stream.ReplyWindow.Available, FrameReader.MaxFrameSize);
            Wake(stream);
        }
    }

    public void Release() => _block.Release();

    private void Forget(LiftedStream stream)
    {
        stream.Ended = true;
        stream.Deadline?.Dispose();
        link.Streams.RemoveLifted(stream.Id);
        Wake(stream);
        if (!stream.Serving)
            ReleaseRequest(stream);
        WakeWaiting();
    }

    /// <summary>Under the lock: the request's memory is free again.</summary>
    public void ReleaseRequest(LiftedStream stream)
    {
        link.Collected -= stream.Held;
        link.Options.Collected.Release(stream.Held);
    }

    private void Wake(LiftedStream stream)
    {
        if (stream.Credit is null)
            return;
        stream.Credit.TrySetResult();
        stream.Credit = null;
        _waiting.Remove(stream);
    }

    private int Sendable(LiftedStream stream, int wanted) => link.ToClient.HasRoom
        ? Math.Min(Math.Min(wanted, FrameReader.MaxFrameSize), Math.Min(stream.ReplyWindow.Available, link.ClientWindow.ForLifted))
        : 0;

    private void WriteBlock(int streamId, ReplyFields fields, bool response, bool endStream)
    {
        if (link.TableSize.TryTake(out var size))
            HpackEncoder.WriteTableSizeUpdate(size, _block);
        if (response)
        {
            HpackEncoder.WriteField(":status"u8, "200"u8, neverIndexed: false, _block);
            if (!fields.HasContentType)
                HpackEncoder.WriteField("content-type"u8, "application/grpc"u8, neverIndexed: false, _block);
        }

        fields.Encode(_block);
        BlockWriter.Write(link.ToClient.Pending, streamId, endStream, _block.Octets);
        _block.Clear();
    }
}
