using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CriGuard.Core.Workloads;
using Google.Protobuf;

namespace CriGuard.Cri.Requests;

/// <summary>A request as it came: its bytes, its parsed form, and what is odd about the bytes.</summary>
/// <param name="Bytes">The message without gRPC framing.</param>
/// <param name="Message">The parsed form, unknown fields included; readers and the patcher leave it as it is.</param>
/// <param name="Anomalies">What the parsed form no longer shows.</param>
/// <param name="Ambiguous">True where readers may understand the bytes differently: then the parsed form goes on even without a change.</param>
public sealed record Received<T>(ReadOnlyMemory<byte> Bytes, T Message, ImmutableArray<Anomaly> Anomalies, bool Ambiguous)
    where T : class, IMessage<T>;

/// <summary>Bytes to messages: total, whatever the bytes are.</summary>
public static class Received
{
    /// <summary>Reads a request that will be judged; false where it is no valid message of this type.</summary>
    public static bool TryParse<T>(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Received<T>? request)
        where T : class, IMessage<T>, new()
    {
        request = null;
        if (!TryParseMessage<T>(bytes.Span, out var message) || !WireInspection.TryInspect(message.Descriptor, bytes.Span, out var inspection))
            return false;

        request = new Received<T>(bytes, message, inspection.Anomalies, inspection.Ambiguous);
        return true;
    }

    /// <summary>Reads a message that is not judged, such as a reply of the runtime; false where it is no valid message of this type.</summary>
    public static bool TryParseMessage<T>(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>, new()
    {
        try
        {
            message = ParserOf<T>.Instance.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = null;
            return false;
        }
    }

    private static class ParserOf<T>
        where T : class, IMessage<T>, new()
    {
        public static MessageParser<T> Instance { get; } = new(static () => new T());
    }
}
