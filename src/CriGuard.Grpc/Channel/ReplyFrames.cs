using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Channel;

/// <summary>
/// Takes the frames of the runtime, one after the other, and gives replies to their calls. Used by the thread that reads the connection, which takes
/// the lock only to look at what others change.
/// </summary>
internal sealed class ReplyFrames(RuntimeConnection connection)
{
    // The connection's window is given back as octets come, so that what a slow client leaves counts against its stream alone; and long before it is
    // used up, so that no frame can pass it.
    private const int Window = 1024 * 1024;

    private readonly ReplyHeaders _headers = new(connection);
    private readonly List<RuntimeCall> _touched = [];
    private int _owed;
    private bool _greeted;

    /// <summary>What is said first (RFC 9113 section 3.4).</summary>
    public void Greet()
    {
        ReadOnlySpan<Setting> settings =
        [
            new(SettingId.EnablePush, 0),
            new(SettingId.InitialWindowSize, RequestStreams.ReplyWindow),
            new(SettingId.MaxHeaderListSize, ReplyHeaders.MaxList),
        ];
        var output = connection.Output.Pending;
        output.Advance(FrameWriter.WriteSettings(output.GetSpan(FrameWriter.SettingsSize(settings.Length)), settings));
        output.Advance(FrameWriter.WriteWindowUpdate(output.GetSpan(FrameWriter.WindowUpdateSize), 0, Window - FlowWindow.DefaultSize));
    }

    /// <exception cref="ConnectionFaultException">The runtime broke the protocol: its connection must end.</exception>
    public void Take(in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        _headers.CheckOrder(header);
        if (!_greeted && (header.Type is not FrameType.Settings || header.Has(FrameFlags.Ack)))
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"{header.Type} frame before SETTINGS");

        var payload = frame[FrameHeader.Size..];
        switch (header.Type)
        {
            case FrameType.Headers or FrameType.Continuation:
                CheckOpened(header);
                if (_headers.Take(header, payload) is { } call)
                    Touch(call);
                break;
            case FrameType.Data:
                TakeData(header, payload);
                break;
            case FrameType.Settings when !header.Has(FrameFlags.Ack):
                TakeSettings(payload);
                break;
            case FrameType.WindowUpdate:
                TakeWindowUpdate(header, payload);
                break;
            case FrameType.RstStream:
                TakeReset(header, payload);
                break;
            case FrameType.Ping when !header.Has(FrameFlags.Ack):
                lock (connection.Channel.Gate)
                    FrameWriter.WritePing(connection.Output.Answer(FrameWriter.PingSize), ack: true, payload);
                break;
            case FrameType.GoAway:
                TakeGoAway(payload);
                break;
            default:
                // PRIORITY is deprecated (RFC 9113 section 5.3.2), unknown types are ignored (section 5.5).
                break;
        }
    }

    /// <summary>All frames that are there are taken: replies go on to whom they belong, in one piece where they came in several.</summary>
    public void LetGo()
    {
        foreach (var call in _touched)
            call.Flush();
        foreach (var call in _touched)
        {
            call.Touched = false;
            call.Complete();
        }

        _touched.Clear();
    }

    public void Release() => _headers.Release();

    private void TakeData(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        CheckOpened(header);
        if (!FramePayload.TryStripPadding(header, payload, out var content, out _))
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"DATA on stream {header.StreamId}: more padding than payload");

        RuntimeCall call;
        lock (connection.Channel.Gate)
        {
            // The stream may be over, the connection's credit is not (RFC 9113 section 6.9).
            ReturnCredit(header);
            if (!connection.Streams.TryGet(header.StreamId, out call))
                return;
            if (!call.ReplyWindow.TryConsume(header.Length))
                throw new ConnectionFaultException(ErrorCode.FlowControlError, $"DATA on stream {header.StreamId}: past its window");
        }

        if (call.HttpStatus == 0)
        {
            _headers.Refuse(call, "DATA before headers");
            return;
        }

        var taken = content.IsEmpty ? 0 : call.Receive(content);
        Touch(call);
        if (header.Has(FrameFlags.EndStream))
        {
            _headers.EndWithoutStatus(call, reset: null);
            return;
        }

        lock (connection.Channel.Gate)
            connection.ReturnCredit(call, header.Length - content.Length + taken);
    }

    private void ReturnCredit(in FrameHeader header)
    {
        _owed += header.Length;
        if (_owed < Window / 2)
            return;
        FrameWriter.WriteWindowUpdate(connection.Output.Answer(FrameWriter.WindowUpdateSize), 0, _owed);
        _owed = 0;
    }

    private void TakeSettings(ReadOnlySpan<byte> payload)
    {
        lock (connection.Channel.Gate)
        {
            if (!_greeted)
                connection.Streams.Unlimit();
            _greeted = true;
            foreach (var setting in Settings.Enumerate(payload))
            {
                // Only clients may enable what only servers do (RFC 9113 section 6.5.2).
                var error = setting is { Id: SettingId.EnablePush, Value: not 0 } ? ErrorCode.ProtocolError : Settings.Check(setting);
                if (error is ErrorCode.NoError)
                    error = connection.Streams.Apply(setting);
                if (error is not ErrorCode.NoError)
                    throw new ConnectionFaultException(error, $"setting {setting.Id} of {setting.Value}: out of bounds");
            }

            FrameWriter.WriteSettingsAck(connection.Output.Answer(FrameWriter.SettingsAckSize));
            connection.Streams.Advance();
        }
    }

    private void TakeWindowUpdate(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId != 0)
            CheckOpened(header);
        lock (connection.Channel.Gate)
        {
            var error = connection.Streams.Grant(header.StreamId, FramePayload.ReadWindowIncrement(payload));
            if (error is not ErrorCode.NoError)
                throw new ConnectionFaultException(error, $"WINDOW_UPDATE of stream {header.StreamId}: out of bounds");
        }
    }

    private void TakeReset(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        CheckOpened(header);
        RuntimeCall call;
        lock (connection.Channel.Gate)
        {
            // One whose reply has ended is over: a runtime that did not want the rest of the request says so (RFC 9113 section 8.1).
            if (!connection.Streams.TryGet(header.StreamId, out call) || !connection.TryRemove(call, reset: null))
                return;
        }

        var code = FramePayload.ReadErrorCode(payload);
        var status = RuntimeFailure.Reset(connection.Channel.Name, code);
        if (code is ErrorCode.RefusedStream)
            connection.Channel.TryAgain(call, status); // Not taken (RFC 9113 section 8.7).
        else
            call.Fail(status);
    }

    private void TakeGoAway(ReadOnlySpan<byte> payload)
    {
        List<RuntimeCall> notTaken;
        lock (connection.Channel.Gate)
        {
            connection.Farewell = FramePayload.ReadGoAwayErrorCode(payload);
            notTaken = connection.Streams.TakeAbove(FramePayload.ReadGoAwayLastStreamId(payload));
            connection.Retire();
        }

        foreach (var call in notTaken)
            connection.Channel.TryAgain(call, connection.Lost("connection closed"));
    }

    private void Touch(RuntimeCall call)
    {
        if (call.Touched)
            return;
        call.Touched = true;
        _touched.Add(call);
    }

    // Frames of streams that were never opened (RFC 9113 section 5.1, "idle"), or that only a server could open.
    private void CheckOpened(in FrameHeader header)
    {
        lock (connection.Channel.Gate)
        {
            if (!connection.Streams.WasOpened(header.StreamId))
                throw new ConnectionFaultException(ErrorCode.ProtocolError, $"{header.Type} frame on idle stream {header.StreamId}");
        }
    }
}
