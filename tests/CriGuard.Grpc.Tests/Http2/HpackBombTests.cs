using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class HpackBombTests
{
    [Fact]
    public void A_small_block_of_large_entries_is_cut_and_the_table_stays_in_step()
    {
        // One entry of 4000 octets, then 60,000 octets that each say it again: 240 MB of list.
        var decoder = new HpackDecoder(4096);
        var fields = new HeaderFields();
        var bomb = new byte[6 + 3999 + 60_000];
        Wire.Octets("4001787fa01e").CopyTo(bomb, 0); // x: 3999 octets
        bomb.AsSpan(6, 3999).Fill((byte)'a');
        bomb.AsSpan(6 + 3999).Fill(0xbe);

        Assert.Equal(ErrorCode.EnhanceYourCalm, decoder.TryDecode(bomb, fields, 16_384));
        Assert.Equal(4, fields.Count);
        Assert.InRange(fields.ListSize, 0, 16_384);

        fields.Clear();
        Assert.Equal(ErrorCode.NoError, decoder.TryDecode([0xbe], fields, 16_384));
        Assert.Equal(4000 + 32, fields.ListSize);
    }

    [Fact]
    public void What_a_cut_list_leaves_out_is_inserted_all_the_same()
    {
        var decoder = new HpackDecoder(4096);
        var fields = new HeaderFields();
        Assert.Equal(ErrorCode.EnhanceYourCalm, decoder.TryDecode(Wire.Octets("40016101 31  40016201 32"), fields, 34));
        Assert.Equal("a: 1\n", Wire.Text(fields));
        Assert.Equal(Wire.Lines("b: 2", "a: 1"), Wire.Table(decoder));
    }

    [Fact]
    public void Nothing_is_added_after_the_cut()
    {
        var decoder = new HpackDecoder(4096);
        var fields = new HeaderFields();
        Assert.Equal(ErrorCode.EnhanceYourCalm, decoder.TryDecode(Wire.Octets("82 0003616161 0131 86"), fields, 42 + 35));
        Assert.Equal(":method: GET\n", Wire.Text(fields));
    }

    [Fact]
    public void An_error_after_the_cut_is_still_an_error_of_the_connection() =>
        Assert.Equal(ErrorCode.CompressionError, new HpackDecoder(4096).TryDecode([0x82, 0x80], new HeaderFields(), 10));

    [Fact]
    public void A_list_of_exactly_the_allowed_size_is_fine()
    {
        Assert.Equal(ErrorCode.NoError, new HpackDecoder(4096).TryDecode([0x82], new HeaderFields(), 42)); // 7 + 3 + 32
        Assert.Equal(ErrorCode.EnhanceYourCalm, new HpackDecoder(4096).TryDecode([0x82], new HeaderFields(), 41));
    }

    [Fact]
    public void Empty_fields_cannot_make_a_list_without_end()
    {
        var fields = new HeaderFields();
        var block = new byte[30_000]; // 00 00 00: a field without name and value
        Assert.Equal(ErrorCode.EnhanceYourCalm, new HpackDecoder(4096).TryDecode(block, fields, 16_384));
        Assert.Equal(16_384 / HeaderField.Overhead, fields.Count);
    }

    [Fact]
    public void Thrashing_the_table_allocates_nothing()
    {
        // Each block fills the table with entries of a changing length and empties it by size updates.
        var decoder = new HpackDecoder(4096);
        var fields = new HeaderFields();
        var blocks = Enumerable.Range(1, 60)
            .Select(length => Wire.Octets("20 3fe11f" + string.Concat(Enumerable.Repeat($"400178{length:x2}" + new string('6', 2 * length), 80))))
            .ToArray();
        Thrash();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Thrash();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Thrash()
        {
            foreach (var block in blocks)
            {
                fields.Clear();
                if (decoder.TryDecode(block, fields, 65_536) is not ErrorCode.NoError)
                    throw new InvalidOperationException("a good block was refused");
            }
        }
    }
}
