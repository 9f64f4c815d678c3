using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>The headers or trailers of a reply: ours, or those of a header block of the runtime, which are read in place.</summary>
internal readonly ref struct ReplyFields
{
    private readonly CallMetadata? _ours;
    private readonly HeaderFields? _runtimes;

    private ReplyFields(CallMetadata? ours, HeaderFields? runtimes)
    {
        _ours = ours;
        _runtimes = runtimes;
    }

    public bool HasContentType => _ours?.TryGet("content-type", out _) ?? _runtimes!.TryGet("content-type"u8, out _);

    public static implicit operator ReplyFields(CallMetadata ours) => new(ours, null);

    public static implicit operator ReplyFields(HeaderFields runtimes) => new(null, runtimes);

    /// <summary>Appends all but what is written anew for every hop: <c>:status</c>, and the length of a body that is framed anew.</summary>
    public void Encode(ByteQueue block)
    {
        _ours?.Encode(block);
        for (var i = 0; i < _runtimes?.Count; i++)
        {
            var field = _runtimes[i];
            if (field.Name[0] is not (byte)':' && !field.Name.SequenceEqual("content-length"u8))
                HpackEncoder.WriteField(field.Name, field.Value, field.NeverIndexed, block);
        }
    }
}
