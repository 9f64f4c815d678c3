using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class HpackDecoderTests
{
    private readonly HeaderFields _fields = new();

    [Theory]
    [InlineData("80")] // index 0, RFC 7541 section 6.1
    [InlineData("be")] // index 62 of an empty dynamic table
    [InlineData("ff9f4e")] // an index far beyond
    [InlineData("ffffffffffff")] // an index without end
    [InlineData("7e0161")] // incremental indexing by a name that is not there
    [InlineData("0f2f0161")] // a literal with name 62
    [InlineData("40")] // no name
    [InlineData("400161")] // no value
    [InlineData("40016102")] // a value that is not there
    [InlineData("40016102ff")] // half a value
    [InlineData("00036162")] // half a name
    [InlineData("0001617fffffff7f")] // a length far beyond
    [InlineData("000181ff0161")] // a coded name of padding alone, eight bits long
    public void A_malformed_field_is_a_compression_error(string hex) => Expect(ErrorCode.CompressionError, new(4096), hex);

    [Theory]
    [InlineData("3f e11f")] // 4096
    [InlineData("20")]
    [InlineData("20 3fe11f")] // the least, then the last
    [InlineData("20 3fe11f 82")]
    [InlineData("")]
    public void Two_size_updates_may_open_a_block(string hex) => Expect(ErrorCode.NoError, new(4096), hex);

    [Theory]
    [InlineData("20 20 20")] // more than the two that RFC 7541 section 4.2 can need
    [InlineData("82 20")] // after a field
    [InlineData("3fe21f")] // 4097
    [InlineData("3f")]
    [InlineData("3fffffffff0f")]
    public void Other_size_updates_are_compression_errors(string hex) => Expect(ErrorCode.CompressionError, new(4096), hex);

    [Fact]
    public void A_size_update_evicts_the_oldest()
    {
        var decoder = new HpackDecoder(4096);
        Expect(ErrorCode.NoError, decoder, "40016101 31  40016201 32  40016301 33");
        Assert.Equal(3 * 34, decoder.TableSize);

        Expect(ErrorCode.NoError, decoder, "3f26"); // 69: two entries and one octet
        Assert.Equal(Wire.Lines("c: 3", "b: 2"), Wire.Table(decoder));

        Expect(ErrorCode.NoError, decoder, "20");
        Assert.Equal((0, 0), (decoder.TableCount, decoder.TableSize));
        Expect(ErrorCode.CompressionError, decoder, "be");
    }

    [Fact]
    public void A_table_of_no_size_takes_nothing_and_decodes_all()
    {
        var decoder = new HpackDecoder(0);
        Expect(ErrorCode.NoError, decoder, "40016101 31");
        Assert.Equal("a: 1\n", Wire.Text(_fields));
        Assert.Equal(0, decoder.TableCount);
        Expect(ErrorCode.CompressionError, decoder, "3f00");
    }

    [Fact]
    public void A_larger_table_waits_for_the_update()
    {
        var decoder = new HpackDecoder(8192);
        var large = "4001617f8924" + Repeat("62", 4744); // a value of 4744 octets
        Expect(ErrorCode.NoError, decoder, large);
        Assert.Equal(0, decoder.TableCount);
        Expect(ErrorCode.NoError, decoder, "3fe13f" + large);
        Assert.Equal(4744 + 1 + 32, decoder.TableSize);
    }

    [Fact]
    public void An_entry_larger_than_the_table_empties_it()
    {
        var decoder = new HpackDecoder(64);
        Expect(ErrorCode.NoError, decoder, "40016101 31");
        Expect(ErrorCode.NoError, decoder, "400161 20" + Repeat("7a", 32));
        Assert.Equal(0, decoder.TableCount);
    }

    [Fact]
    public void A_name_survives_the_eviction_of_the_entry_that_lends_it()
    {
        // RFC 7541 section 4.4: the second entry evicts the first, the third the second while it takes its name.
        var decoder = new HpackDecoder(128);
        for (var shift = 1; shift < 90; shift++)
        {
            Expect(ErrorCode.NoError, decoder, $"400178 {shift:x2}" + Repeat("62", shift));
            Expect(ErrorCode.NoError, decoder, "4004 6e616d65 5c" + Repeat("63", 92));
            _fields.Clear();
            Expect(ErrorCode.NoError, decoder, "7e 50" + Repeat("61", 80));
            Assert.Equal($"name: {new string('a', 80)}\n", Wire.Text(_fields));
            Assert.Equal($"name: {new string('a', 80)}\n", Wire.Table(decoder));
        }
    }

    [Theory]
    [InlineData(129, 1, 20)] // filled to the last octet now and then
    [InlineData(4096, 200, 250)] // many octets live while they are moved
    public void The_table_is_that_of_a_plain_list_while_its_memory_turns_over(int limit, int shortest, int longest)
    {
        var decoder = new HpackDecoder(limit);
        var model = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            _fields.Clear();
            var length = shortest + (i * 7 % (longest - shortest + 1));
            var letter = 'A' + (i % 26);
            Expect(ErrorCode.NoError, decoder, "400178" + (length < 127 ? $"{length:x2}" : $"7f{length - 127:x2}") + Repeat($"{letter:x2}", length));

            model.Insert(0, new string((char)letter, length));
            while (model.Sum(value => value.Length + 1 + HeaderField.Overhead) > limit)
                model.RemoveAt(model.Count - 1);
            Assert.Equal(Wire.Lines([.. model.Select(value => $"x: {value}")]), Wire.Table(decoder));
        }
    }

    [Fact]
    public void Fields_of_a_block_are_appended_to_those_before()
    {
        var decoder = new HpackDecoder(4096);
        Expect(ErrorCode.NoError, decoder, "82");
        Expect(ErrorCode.NoError, decoder, "86");
        Assert.Equal(Wire.Lines(":method: GET", ":scheme: http"), Wire.Text(_fields));
    }

    private void Expect(ErrorCode expected, HpackDecoder decoder, string hex) =>
        Assert.Equal(expected, decoder.TryDecode(Wire.Octets(hex), _fields, 65_536));

    private static string Repeat(string octet, int times) => string.Concat(Enumerable.Repeat(octet, times));
}
