using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class HeaderFieldsTests
{
    [Fact]
    public void The_size_counts_32_octets_a_field()
    {
        var fields = Wire.Fields(("a", "bc"), ("", ""));
        Assert.Equal(3 + 64, fields.ListSize);
    }

    [Fact]
    public void The_first_of_a_name_is_found()
    {
        var fields = Wire.Fields(("ab", "1"), ("a", "2"), ("a", "3"));
        Assert.True(fields.TryGet("a"u8, out var value));
        Assert.Equal("2"u8, value);
        Assert.False(fields.TryGet("A"u8, out _));
    }

    [Fact]
    public void More_and_longer_fields_than_the_first_memory_holds_are_kept()
    {
        var fields = new HeaderFields();
        for (var i = 0; i < 500; i++)
            fields.Add([(byte)i], new byte[i], neverIndexed: i % 2 == 0);

        Assert.Equal(500, fields.Count);
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal((byte)i, Assert.Single(fields[i].Name.ToArray()));
            Assert.Equal(i, fields[i].Value.Length);
            Assert.Equal(i % 2 == 0, fields[i].NeverIndexed);
        }
    }

    [Fact]
    public void A_field_of_its_own_can_be_added_again_while_it_grows()
    {
        var fields = new HeaderFields();
        fields.Add("name"u8, new byte[1000]);
        fields.Add(fields[0].Name, fields[0].Value);
        Assert.Equal("name"u8, fields[1].Name);
        Assert.Equal(1000, fields[1].Value.Length);
    }

    [Fact]
    public void A_cleared_list_is_empty()
    {
        var fields = Wire.Fields(("a", "b"));
        fields.Clear();
        Assert.Equal(0, fields.Count);
        Assert.Equal(0, fields.ListSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => fields[0].NeverIndexed);
    }
}
