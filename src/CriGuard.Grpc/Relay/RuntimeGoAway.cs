using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Relay;

/// <summary>
/// GOAWAY of the runtime, which has never heard of lifted streams: those that are being served stay below the last stream that the client is
/// told, and relayed ones in between are refused one by one (RFC 9113 section 6.8).
/// </summary>
internal sealed class RuntimeGoAway(Link link)
{
    public void Take(ReadOnlySpan<byte> payload)
    {
        var taken = FramePayload.ReadGoAwayLastStreamId(payload);
        link.LastTaken = Math.Min(link.LastTaken, taken);
        var served = Math.Max(taken, link.Streams.HighestLifted);
        link.GoAway(served, FramePayload.ReadGoAwayErrorCode(payload), FramePayload.ReadGoAwayDebug(payload));

        // The client knows of those above what it was told, and sends them again by itself.
        foreach (var id in link.Streams.Relayed.Keys.Where(id => id > taken).ToArray())
        {
            link.Streams.RemoveRelayed(id);
            if (id <= link.LastServed)
                link.ResetForClient(id, ErrorCode.RefusedStream);
        }

        link.CloseIfDone();
    }
}
