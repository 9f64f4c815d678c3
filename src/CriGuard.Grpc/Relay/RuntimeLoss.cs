using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Relay;

/// <summary>What is left to say to the client when the runtime's connection has ended.</summary>
internal sealed class RuntimeLoss(Link link)
{
    private readonly OwedReply _owed = new(link);

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
            _owed.Answer(id, state, status);
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
}
