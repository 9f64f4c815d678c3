using System.Text;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>Collects the requests of lifted calls and hands them to their handler. Used under the lock by the thread that reads the client.</summary>
internal sealed class LiftedRequests(Link link, LiftedReplies replies, LiftedCallHandler handler)
{
    // Timers hold no more; a deadline of a month and a half is none.
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromDays(45);

    private static readonly GrpcStatus s_exhausted =
        new(StatusCode.ResourceExhausted, "criguard: too many large requests are being judged: try again");

    public void Open(int streamId, bool clientDone, HeaderFields fields)
    {
        if (Refusal(fields, out var timeout) is { } refusal)
        {
            replies.Refuse(streamId, clientDone, refusal);
            return;
        }

        fields.TryGet(":path"u8, out var path);
        var stream = new LiftedStream(streamId, Encoding.Latin1.GetString(path), Metadata(fields), timeout)
        {
            Request = new MessageCollector(link.Options.MaxRequestMessage),
            ReplyWindow = new FlowWindow(link.ClientInitialWindow),
            RequestWindow = new FlowWindow(link.LargestRuntimeInitialWindow),
        };
        link.Streams.AddLifted(stream);
        if (!TryHold(stream, fields.ListSize))
        {
            stream.ClientDone = clientDone;
            replies.End(stream, StatusTrailers.Write(s_exhausted));
            return;
        }

        if (timeout is { } limit && limit < s_longestTimeout)
            stream.Deadline = link.Options.Time.CreateTimer(_ => replies.Expire(stream), null, limit, Timeout.InfiniteTimeSpan);
        if (clientDone)
            End(stream);
        else
            WidenWindow(stream);
    }

    /// <summary>Takes a DATA frame: its content, and the octets that count against the windows.</summary>
    public void Receive(LiftedStream stream, ReadOnlySpan<byte> content, int counted, bool endStream)
    {
        if (stream.ClientDone)
            throw new ConnectionFaultException(ErrorCode.StreamClosed, $"DATA on stream {stream.Id}: after its end");
        if (!stream.RequestWindow.TryConsume(counted))
            throw new ConnectionFaultException(ErrorCode.FlowControlError, $"DATA on stream {stream.Id}: past its window");
        if (content.IsEmpty && !endStream && ++stream.EmptyFrames > link.Options.MaxEmptyFrames)
            throw new ConnectionFaultException(ErrorCode.EnhanceYourCalm, $"empty DATA on stream {stream.Id}: more than {link.Options.MaxEmptyFrames}");

        link.RequestCredit.Owe(counted);
        stream.ClientDone = endStream;
        if (Collect(stream, content) is { } refusal)
            replies.End(stream, StatusTrailers.Write(refusal));
        else if (endStream)
            End(stream);
        else
            ReturnCredit(stream, counted);
    }

    /// <summary>The client has sent all: the call is handed over.</summary>
    public void End(LiftedStream stream)
    {
        stream.ClientDone = true;
        if (stream.Request.End() is { } refusal)
        {
            replies.End(stream, StatusTrailers.Write(refusal));
            return;
        }

        stream.Serving = true;
        link.Serving++;
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Self.ServeAsync(work.Stream), (Self: this, Stream: stream), preferLocal: false);
    }

    private async Task ServeAsync(LiftedStream stream)
    {
        try
        {
            await handler(new LiftedCall(stream, replies));
            Fail(stream, "the call was left without an answer");
        }
        catch (OperationCanceledException) when (stream.Ended)
        {
            // Nobody waits for the answer.
        }
        catch (Exception e)
        {
            Fail(stream, e.Message);
            link.Options.HandlerFailed?.Invoke(stream.Path, e);
        }
        finally
        {
            lock (link.Gate)
            {
                link.Serving--;
                replies.ReleaseRequest(stream);
            }
        }
    }

    // Nothing happens when the call was answered, as it should have been.
    private void Fail(LiftedStream stream, string cause)
    {
        if (replies.TryEnd(stream, StatusTrailers.Write(new GrpcStatus(StatusCode.Internal, $"criguard: internal error: {cause}"))))
            replies.Flush();
    }

    private GrpcStatus? Collect(LiftedStream stream, ReadOnlySpan<byte> content)
    {
        var before = stream.Request.Capacity;
        var refusal = stream.Request.Append(content);
        return TryHold(stream, stream.Request.Capacity - before) ? refusal : s_exhausted;
    }

    // Counted also when they are too many: until the stream is forgotten they are there.
    private bool TryHold(LiftedStream stream, int octets)
    {
        stream.Held += octets;
        link.Collected += octets;
        return link.Options.Collected.Hold(octets) && link.Collected <= link.Options.MaxCollectedPerConnection;
    }

    // A runtime with small windows must not slow down what never reaches it.
    private void WidenWindow(LiftedStream stream)
    {
        if (FlowWindow.DefaultSize - link.RuntimeInitialWindow is > 0 and var missing)
            Widen(stream, missing);
    }

    /// <summary>
    /// The runtime's SETTINGS_INITIAL_WINDOW_SIZE moves the windows of these streams too (RFC 9113 section 6.9.2); what they lose is given
    /// back.
    /// </summary>
    public void ShiftWindows(int delta)
    {
        foreach (var stream in link.Streams.Lifted)
        {
            if (stream.ClientDone)
                continue;
            if (delta < 0)
                Widen(stream, -delta);
            else
                stream.RequestWindow.Shift(delta);
        }
    }

    private void Widen(LiftedStream stream, int octets)
    {
        FrameWriter.WriteWindowUpdate(link.ToClient.Answer(FrameWriter.WindowUpdateSize), stream.Id, octets);
        stream.RequestWindow.Grant(octets);
    }

    private void ReturnCredit(LiftedStream stream, int counted)
    {
        stream.Owed += counted;
        if (stream.Owed <= stream.RequestWindow.Available / 2)
            return;
        FrameWriter.WriteWindowUpdate(link.ToClient.Answer(FrameWriter.WindowUpdateSize), stream.Id, stream.Owed);
        stream.RequestWindow.Grant(stream.Owed);
        stream.Owed = 0;
    }

    private static GrpcStatus? Refusal(HeaderFields fields, out TimeSpan? timeout)
    {
        timeout = null;
        fields.TryGet(":method"u8, out var method);
        if (!method.SequenceEqual("POST"u8))
            return new GrpcStatus(StatusCode.Unimplemented, $"criguard: method `{Encoding.Latin1.GetString(method)}`: gRPC calls are made by POST");
        // Names of services and methods are visible ASCII; the rest has no place in the request line of the runtime's channel either.
        if (fields.TryGet(":path"u8, out var path) && path.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return new GrpcStatus(StatusCode.Unimplemented, $"criguard: path `{Encoding.Latin1.GetString(path)}`: no method has such a name");
        if (!fields.TryGet("grpc-timeout"u8, out var value))
            return null;
        if (!GrpcTimeout.TryParse(value, out var limit))
            return new GrpcStatus(StatusCode.Internal, $"criguard: malformed grpc-timeout `{Encoding.Latin1.GetString(value)}`");
        timeout = limit;
        return null;
    }

    private static CallMetadata Metadata(HeaderFields fields)
    {
        var metadata = new CallMetadata();
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (field.Name[0] is not (byte)':' && !IsOfOneHop(field.Name))
                metadata.Add(Encoding.ASCII.GetString(field.Name), field.Value.ToArray(), field.NeverIndexed);
        }

        return metadata;
    }

    // `te` (RFC 9113 section 8.2.2); the length of a body that is framed anew; `host`, which is another `:authority` (section 8.3.1); and
    // `expect`, on which the runtime's channel would wait for an answer that no gRPC server gives.
    private static bool IsOfOneHop(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("te"u8) || name.SequenceEqual("content-length"u8) || name.SequenceEqual("host"u8) || name.SequenceEqual("expect"u8);
}
