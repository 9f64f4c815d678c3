namespace CriGuard.Grpc.Calls;

/// <summary>Puts together the one message of a request or a reply; memory grows with what has come, not with what the prefix promises.</summary>
internal sealed class MessageCollector(int maxMessage)
{
    private const int SmallestBuffer = 1024;

    private readonly byte[] _prefix = new byte[MessageFraming.PrefixSize];
    private int _prefixLength;
    private byte[] _message = [];
    private int _length;
    private int _received;

    public ReadOnlyMemory<byte> Message => _message.AsMemory(0, _received);

    /// <summary>Octets of memory that the message takes so far.</summary>
    public int Capacity => _message.Length;

    private bool HasPrefix => _prefixLength == MessageFraming.PrefixSize;

    /// <summary>Null, or the status with which the call must be answered now.</summary>
    public GrpcStatus? Append(ReadOnlySpan<byte> content)
    {
        if (!HasPrefix)
        {
            var taken = Math.Min(content.Length, MessageFraming.PrefixSize - _prefixLength);
            content[..taken].CopyTo(_prefix.AsSpan(_prefixLength));
            _prefixLength += taken;
            content = content[taken..];
            if (!HasPrefix)
                return null;
            if (Refuse() is { } refusal)
                return refusal;
        }

        if (content.Length > _length - _received)
            return new GrpcStatus(StatusCode.Internal, "criguard: request has more than its one message");
        if (_message.Length < _received + content.Length)
        {
            var larger = Math.Max(Math.Max(SmallestBuffer, 2L * _message.Length), _received + content.Length);
            Array.Resize(ref _message, (int)Math.Min(_length, larger));
        }

        content.CopyTo(_message.AsSpan(_received));
        _received += content.Length;
        return null;
    }

    /// <summary>Null when the message is whole, or the status of a request that ends before it is.</summary>
    public GrpcStatus? End() => HasPrefix && _received == _length
        ? null
        : new GrpcStatus(StatusCode.Internal, $"criguard: request ends after {_received} of {_length} octets of its message");

    private GrpcStatus? Refuse()
    {
        MessageFraming.TryRead(_prefix, out var prefix, out var valid);
        if (!valid)
            return new GrpcStatus(StatusCode.Internal, $"criguard: message flag `{_prefix[0]}` is neither 0 nor 1");
        if (prefix.Compressed)
            return new GrpcStatus(StatusCode.Unimplemented, "criguard: compressed message: judged calls must be sent without compression");
        if (prefix.Length > maxMessage)
            return new GrpcStatus(StatusCode.ResourceExhausted, $"criguard: message of {prefix.Length} octets: no more than {maxMessage} are taken");
        _length = (int)prefix.Length;
        return null;
    }
}
