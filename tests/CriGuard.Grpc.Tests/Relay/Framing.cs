using System.Buffers.Binary;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>gRPC framing, written apart from the product's.</summary>
public static class Framing
{
    public static byte[] Frame(ReadOnlySpan<byte> message)
    {
        var framed = new byte[message.Length + 5];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed.AsSpan(5));
        return framed;
    }

    public static async Task<byte[]> ReadAsync(Stream stream)
    {
        var prefix = new byte[5];
        await stream.ReadExactlyAsync(prefix);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await stream.ReadExactlyAsync(message);
        return message;
    }

    public static List<byte[]> Split(ReadOnlySpan<byte> body)
    {
        var messages = new List<byte[]>();
        while (body.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body[1..]);
            messages.Add(body.Slice(5, length).ToArray());
            body = body[(5 + length)..];
        }

        return messages;
    }

    /// <summary>A request of the echo server's streaming methods.</summary>
    public static byte[] StreamRequest(int count, int size)
    {
        var message = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(message, count);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), size);
        return message;
    }
}
