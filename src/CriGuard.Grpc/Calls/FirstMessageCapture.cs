namespace CriGuard.Grpc.Calls;

/// <summary>Keeps the first message of a reply that passes by in pieces, so that ids can be learnt from it.</summary>
public sealed class FirstMessageCapture
{
    /// <summary>Octets; the replies that carry ids have under a hundred.</summary>
    public const int MaxSize = 64 * 1024;

    private byte[] _bytes = [];
    private int _length;
    private bool _done;

    /// <summary>The message once it has been whole; empty before, and when it is compressed or too large.</summary>
    public ReadOnlyMemory<byte> Message { get; private set; }

    /// <summary>True where there was a message that is not kept: compressed, or too large.</summary>
    public bool IsLeftOut { get; private set; }

    /// <summary>Takes the next octets of the reply as they came: prefixes and messages.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (_done || octets.IsEmpty)
            return;

        var taken = Math.Min(octets.Length, MessageFraming.PrefixSize + MaxSize - _length);
        if (_bytes.Length < _length + taken)
            Array.Resize(ref _bytes, Math.Max(_length + taken, _bytes.Length * 2));
        octets[..taken].CopyTo(_bytes.AsSpan(_length));
        _length += taken;

        if (!MessageFraming.TryRead(_bytes.AsSpan(0, _length), out var prefix, out var valid))
            return;
        if (!valid || prefix.Compressed || prefix.Length > MaxSize)
        {
            _done = IsLeftOut = true;
            _bytes = [];
        }
        else if (_length >= MessageFraming.PrefixSize + (int)prefix.Length)
        {
            _done = true;
            Message = _bytes.AsMemory(MessageFraming.PrefixSize, (int)prefix.Length);
        }
    }
}
