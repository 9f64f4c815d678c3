using System.Text;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class HuffmanTests
{
    [Fact]
    public void Every_symbol_has_the_code_of_the_appendix()
    {
        for (var symbol = 0; symbol < HuffmanAppendix.Symbols.Length; symbol++)
        {
            var (code, bits) = HuffmanAppendix.Symbols[symbol];
            var octets = (bits + 7) / 8;
            var padding = (octets * 8) - bits;
            var whole = (code << padding) | ((1u << padding) - 1);

            Assert.Equal($"{symbol}: {whole.ToString("x8")[(8 - (octets * 2))..]}", $"{symbol}: {Convert.ToHexStringLower(Encode([(byte)symbol]))}");
        }
    }

    [Theory]
    [InlineData("www.example.com", "f1e3 c2e5 f23a 6ba0 ab90 f4ff")]
    [InlineData("no-cache", "a8eb 1064 9cbf")]
    [InlineData("302", "6402")]
    [InlineData("307", "640eff")]
    [InlineData("Mon, 21 Oct 2013 20:13:21 GMT", "d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff")]
    [InlineData("foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
        "94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07")]
    [InlineData("", "")]
    public void Strings_of_the_examples_go_both_ways(string text, string hex)
    {
        Assert.Equal(Wire.Octets(hex), Encode(Encoding.Latin1.GetBytes(text)));
        Assert.True(TryDecode(Wire.Octets(hex), out var decoded));
        Assert.Equal(text, Encoding.Latin1.GetString(decoded));
    }

    [Fact]
    public void Every_pair_of_octets_goes_both_ways()
    {
        Span<byte> encoded = stackalloc byte[8];
        Span<byte> decoded = stackalloc byte[16];
        for (var pair = 0; pair <= ushort.MaxValue; pair++)
        {
            byte[] source = [(byte)(pair >> 8), (byte)pair];
            var length = HuffmanEncoder.Encode(source, encoded);
            Assert.True(HuffmanDecoder.TryDecode(encoded[..length], decoded, out var written) && decoded[..written].SequenceEqual(source));
        }
    }

    [Theory]
    [InlineData("ff")] // eight bits of padding and nothing else
    [InlineData("f1ff")] // `w` and nine bits of padding
    [InlineData("1fff")] // `a` and eleven
    [InlineData("18")] // `a`, padded with zeros
    [InlineData("1e")] // `a`, padded with ones but the last
    [InlineData("00000000f0")] // half a symbol at the end
    [InlineData("fffffffc")] // EOS, whole
    [InlineData("1ffffffff8")] // EOS after a symbol
    [InlineData("ffffffff")]
    [InlineData("fffffff0")] // a symbol of 30 bits, padded with zeros
    public void What_is_no_whole_string_is_refused(string hex) => Assert.False(TryDecode(Wire.Octets(hex), out _));

    [Theory]
    [InlineData("f8", "&")] // a code of eight bits needs none
    [InlineData("1f", "a")] // three bits
    [InlineData("fffffff3", "\n")] // two, after thirty
    [InlineData("07fd7f", "0#")] // seven, after five and twelve
    public void Padding_of_up_to_seven_ones_is_fine(string hex, string expected)
    {
        Assert.True(TryDecode(Wire.Octets(hex), out var decoded));
        Assert.Equal(expected, Encoding.Latin1.GetString(decoded));
    }

    [Fact]
    public void A_destination_too_short_is_said_and_not_passed()
    {
        var encoded = Encode("aaaa"u8.ToArray());
        Assert.False(HuffmanDecoder.TryDecode(encoded, new byte[3], out var written));
        Assert.Equal(3, written);
        Assert.True(HuffmanDecoder.TryDecode(encoded, new byte[4], out _));
    }

    [Fact]
    public void The_longest_decoded_string_has_eight_fifths_of_the_octets()
    {
        var zeros = new byte[5]; // eight times `0`
        Assert.Equal(8, HuffmanDecoder.MaxDecodedLength(5));
        Assert.True(TryDecode(zeros, out var decoded));
        Assert.Equal("00000000", Encoding.Latin1.GetString(decoded));
    }

    private static byte[] Encode(byte[] source)
    {
        var encoded = new byte[HuffmanEncoder.GetEncodedLength(source)];
        Assert.Equal(encoded.Length, HuffmanEncoder.Encode(source, encoded));
        return encoded;
    }

    private static bool TryDecode(byte[] source, out byte[] decoded)
    {
        var destination = new byte[HuffmanDecoder.MaxDecodedLength(source.Length)];
        var accepted = HuffmanDecoder.TryDecode(source, destination, out var written);
        decoded = destination[..written];
        return accepted;
    }
}
