using System.Buffers;

namespace CriGuard.Grpc.Sockets;

/// <summary>A first-in first-out run of octets in one pooled array, which goes back to the pool when the run has been large.</summary>
internal sealed class ByteQueue : IBufferWriter<byte>
{
    private const int KeptCapacity = 32 * 1024;
    private const int SmallestCapacity = 1024;

    private byte[] _octets = [];
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public ReadOnlySpan<byte> Octets => _octets.AsSpan(_start.._end);

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _octets.AsSpan(_end);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _octets.AsMemory(_end);
    }

    public void Advance(int count) => _end += count;

    public void Append(ReadOnlySpan<byte> octets)
    {
        Reserve(octets.Length);
        octets.CopyTo(_octets.AsSpan(_end));
        _end += octets.Length;
    }

    /// <summary>Puts octets before all others.</summary>
    public void Prepend(ReadOnlySpan<byte> octets)
    {
        Reserve(octets.Length);
        Octets.CopyTo(_octets.AsSpan(_start + octets.Length));
        octets.CopyTo(_octets.AsSpan(_start));
        _end += octets.Length;
    }

    /// <summary>Takes octets from the front.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
            Clear();
    }

    public void Clear()
    {
        _start = 0;
        _end = 0;
        if (_octets.Length > KeptCapacity)
            Release();
    }

    /// <summary>Gives the array back; the queue is empty and can be used again.</summary>
    public void Release()
    {
        if (_octets.Length > 0)
            ArrayPool<byte>.Shared.Return(_octets);
        _octets = [];
        _start = 0;
        _end = 0;
    }

    private void Reserve(int count)
    {
        if (_octets.Length - _end >= count)
            return;

        var length = Length;
        if (_octets.Length - length >= count && _start >= length)
        {
            Octets.CopyTo(_octets);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestCapacity, Math.Max(length + count, 2 * length)));
            Octets.CopyTo(larger);
            Release();
            _octets = larger;
        }

        _start = 0;
        _end = length;
    }
}
