using System.Buffers;
using System.Text;
using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>The input is an octet, the size of the table, then blocks of one connection, each after an octet for its length.</summary>
internal static class HpackTarget
{
    private const int MaxListSize = 8192;

    // Blocks of RFC 7541 appendix C, with and without Huffman, and size updates.
    public static readonly Target Value = new(
        "hpack",
        [
            Connection(255, "828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865", "828785bf400a637573746f6d2d6b65790161"),
            Connection(255, "828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"),
            Connection(222,
                "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff", "4883640effc1", "88c16196d07abe94"),
            Connection(68, "4001610131", "7e0132", "7e0b6161616161616161616161", "20", "3f21", "4001620132"),
            Connection(88,
                "4001610b6161616161616161616161", "7e0b6262626262626262626262", "4001630162", "7f000161", "bfbe", "7e0b6363636363636363636363"),
            Connection(0, "100870617373776f726406736563726574", "040c2f73616d706c652f70617468"),
        ],
        Run);

    private static bool Run(byte[] input)
    {
        if (input.Length == 0)
            return false;
        var tableSize = (int)input[0];
        var decoder = new HpackDecoder(tableSize);
        var frugal = new HpackDecoder(tableSize);
        var plain = new PlainHpack(tableSize);
        var fields = new HeaderFields();
        var none = new HeaderFields();
        for (var rest = input.AsSpan(1); !rest.IsEmpty;)
        {
            var length = Math.Min(rest[0], rest.Length - 1);
            var block = rest.Slice(1, length);
            rest = rest[(1 + length)..];

            fields.Clear();
            var result = decoder.TryDecode(block, fields, MaxListSize);
            var cut = frugal.TryDecode(block, none, 0);
            Promise.Keep((result is ErrorCode.CompressionError) == (cut is ErrorCode.CompressionError), "the bound of the list decides no error");
            Promise.Keep(fields.ListSize <= MaxListSize && none.Count == 0, "a list stays within its bound");
            var expected = plain.Decode(block);
            Promise.Keep((result is ErrorCode.CompressionError) == (expected is null), "what is refused is what the plain decoder refuses");
            if (expected is null)
                return false;
            Promise.Keep(AreFirstOf(expected, fields), "fields are those of the plain decoder");
            Promise.Keep(result is ErrorCode.EnhanceYourCalm || fields.Count == expected.Count, "only a cut list is shorter");
            HasTable(decoder, plain);
            HasTable(frugal, plain);
            GoesBothWays(fields);
        }

        return true;
    }

    private static bool AreFirstOf(List<(string Name, string Value)> expected, HeaderFields fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (Text(fields[i]) != expected[i])
                return false;
        }

        return true;
    }

    private static void HasTable(HpackDecoder decoder, PlainHpack plain)
    {
        Promise.Keep(decoder.TableCount == plain.Table.Count, "the table has the entries of the plain decoder");
        var size = 0;
        for (var age = 0; age < decoder.TableCount; age++)
        {
            var entry = Text(decoder.TableEntry(age));
            Promise.Keep(entry == plain.Table[age], "an entry is that of the plain decoder");
            size += entry.Name.Length + entry.Value.Length + HeaderField.Overhead;
        }

        Promise.Keep(size == decoder.TableSize, "the size of the table is that of its entries");
    }

    private static (string Name, string Value) Text(HeaderField field) =>
        (Encoding.Latin1.GetString(field.Name), Encoding.Latin1.GetString(field.Value));

    private static void GoesBothWays(HeaderFields fields)
    {
        var block = new ArrayBufferWriter<byte>();
        HpackEncoder.Write(fields, block);
        var read = new HeaderFields();
        Promise.Keep(new HpackDecoder(0).TryDecode(block.WrittenSpan, read, MaxListSize) is ErrorCode.NoError, "what is encoded decodes");
        Promise.Keep(read.Count == fields.Count, "no field is lost");
        for (var i = 0; i < read.Count; i++)
        {
            var sent = fields[i];
            var got = read[i];
            Promise.Keep(sent.Name.SequenceEqual(got.Name) && sent.Value.SequenceEqual(got.Value), "no octet is changed");
            Promise.Keep(sent.NeverIndexed == got.NeverIndexed, "never indexed stays so");
        }
    }

    private static byte[] Connection(byte tableSize, params string[] blocks) =>
        [tableSize, .. blocks.Select(Convert.FromHexString).SelectMany(block => block.Prepend((byte)block.Length))];
}
