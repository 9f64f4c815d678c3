using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CriGuard.Grpc.Calls;

/// <summary>The prefix of every message: a flag and a length (gRPC over HTTP/2, "Length-Prefixed-Message").</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MessagePrefix(bool Compressed, uint Length);

/// <summary>Reads and writes message prefixes.</summary>
public static class MessageFraming
{
    /// <summary>Octets before every message.</summary>
    public const int PrefixSize = 5;

    // 00           00 00 00 2a
    // compressed   length
    /// <summary>False when there are too few octets; <paramref name="valid"/> is false when the flag is neither 0 nor 1.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out MessagePrefix prefix, out bool valid)
    {
        prefix = default;
        valid = true;
        if (source.Length < PrefixSize)
            return false;

        valid = source[0] <= 1;
        prefix = new MessagePrefix(source[0] != 0, BinaryPrimitives.ReadUInt32BigEndian(source[1..]));
        return true;
    }

    /// <summary>Writes the prefix of an uncompressed message of <paramref name="length"/> octets; returns <see cref="PrefixSize"/>.</summary>
    public static int Write(Span<byte> destination, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        BinaryPrimitives.WriteInt32BigEndian(destination.Slice(1, 4), length);
        destination[0] = 0;
        return PrefixSize;
    }
}
