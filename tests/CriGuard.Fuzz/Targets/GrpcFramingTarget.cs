using System.Text;
using CriGuard.Grpc.Calls;

namespace CriGuard.Fuzz.Targets;

/// <summary>The input is taken for each of gRPC's own formats in turn: a reply in pieces, a timeout, a status message.</summary>
internal static class GrpcFramingTarget
{
    public static readonly Target Value = new(
        "grpc-framing",
        [
            Convert.FromHexString("00000000036162630000000000"),
            Convert.FromHexString("0100000002616200ffffffff"),
            "120000m"u8.ToArray(),
            "99999999H"u8.ToArray(),
            "caf%C3%A9 is closed, 100%25, %zz"u8.ToArray(),
        ],
        Run);

    private static bool Run(byte[] input)
    {
        var timeout = Timeout(input);
        Message(input);
        return Prefix(input) || timeout;
    }

    private static bool Prefix(byte[] input)
    {
        var whole = new FirstMessageCapture();
        whole.Append(input);
        var pieces = new FirstMessageCapture();
        foreach (var piece in input.Chunk(3))
            pieces.Append(piece);
        Promise.Keep(whole.Message.Span.SequenceEqual(pieces.Message.Span), "a first message is the same however it is cut");

        if (!MessageFraming.TryRead(input, out var prefix, out var valid))
        {
            Promise.Keep(input.Length < MessageFraming.PrefixSize, "five octets are a prefix");
            return false;
        }

        Promise.Keep(valid == input[0] <= 1, "a flag is 0 or 1");
        if (!valid || prefix.Compressed || prefix.Length > int.MaxValue)
            return false;
        Span<byte> written = stackalloc byte[MessageFraming.PrefixSize];
        MessageFraming.Write(written, (int)prefix.Length);
        Promise.Keep(written.SequenceEqual(input.AsSpan(0, MessageFraming.PrefixSize)), "a prefix is written as it was read");
        return true;
    }

    private static bool Timeout(byte[] input)
    {
        if (!GrpcTimeout.TryParse(input, out var timeout))
            return false;
        Promise.Keep(timeout >= TimeSpan.Zero, "no timeout is negative");
        var written = GrpcTimeout.Format(timeout);
        Promise.Keep(GrpcTimeout.TryParse(Encoding.ASCII.GetBytes(written), out var again), "a written timeout is read");
        Promise.Keep(again >= timeout, "no timeout is cut short");
        Promise.Keep(GrpcTimeout.Format(again) == written, "a timeout is rounded once");
        return true;
    }

    private static void Message(byte[] input)
    {
        StatusMessage.Decode(input);
        // Text that is no UTF-16 has no UTF-8 either; what arrives as octets becomes text that has both.
        var text = Encoding.UTF8.GetString(input);
        var encoded = StatusMessage.Encode(text);
        Promise.Keep(encoded.All(c => c is >= ' ' and <= '~'), "an encoded message is printable");
        Promise.Keep(StatusMessage.Decode(Encoding.ASCII.GetBytes(encoded)) == text, "decoding undoes encoding");
    }
}
