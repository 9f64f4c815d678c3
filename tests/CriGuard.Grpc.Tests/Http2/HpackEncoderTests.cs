using System.Buffers;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class HpackEncoderTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    [Theory]
    [InlineData(":method", "POST", "83")] // the static table has it
    [InlineData(":scheme", "http", "86")]
    [InlineData(":status", "200", "88")]
    [InlineData("accept-encoding", "gzip, deflate", "90")]
    [InlineData("www-authenticate", "", "bd")]
    [InlineData(":path", "/a", "04 02 2f61")] // its name
    [InlineData(":status", "418", "08 03 343138")]
    [InlineData("content-type", "a", "0f10 01 61")]
    [InlineData("te", "trailers", "00 02 7465 08 747261696c657273")] // nothing of it
    [InlineData("", "", "00 00 00")]
    public void A_field_takes_what_the_static_table_has(string name, string value, string hex)
    {
        HpackEncoder.Write(Wire.Fields((name, value)), _output);
        Assert.Equal(Wire.Octets(hex), _output.WrittenSpan);
    }

    [Theory]
    [InlineData("authorization", "x", "1f08 01 78")]
    [InlineData("token", "x", "10 05 746f6b656e 01 78")]
    [InlineData(":method", "GET", "12 03 474554")] // the flag would be lost with an index
    public void What_must_never_be_indexed_stays_so(string name, string value, string hex)
    {
        var field = Wire.Fields((name, value))[0];
        HpackEncoder.WriteField(field.Name, field.Value, neverIndexed: true, _output);
        Assert.Equal(Wire.Octets(hex), _output.WrittenSpan);
    }

    [Theory]
    [InlineData(0, "20")]
    [InlineData(4096, "3fe11f")]
    public void A_size_update_is_written(int size, string hex)
    {
        HpackEncoder.WriteTableSizeUpdate(size, _output);
        Assert.Equal(Wire.Octets(hex), _output.WrittenSpan);
    }

    [Fact]
    public void A_value_longer_than_the_first_memory_is_written_whole()
    {
        var fields = Wire.Fields(("grpc-status-details-bin", new string('A', 70_000)));
        HpackEncoder.Write(fields, _output);
        var read = new HeaderFields();
        Assert.Equal(ErrorCode.NoError, new HpackDecoder(0).TryDecode(_output.WrittenSpan, read, int.MaxValue));
        Assert.Equal(Wire.Text(fields), Wire.Text(read));
    }

    [Fact]
    public void Blocks_leave_the_table_of_their_reader_empty()
    {
        HpackEncoder.Write(Wire.Fields((":method", "POST"), (":path", "/a"), ("x", "y")), _output);
        var reader = new HpackDecoder(4096);
        Assert.Equal(ErrorCode.NoError, reader.TryDecode(_output.WrittenSpan, new HeaderFields(), 4096));
        Assert.Equal(0, reader.TableCount);
    }

    [Fact]
    public void Every_static_field_goes_both_ways_by_its_index()
    {
        for (var index = 1; index <= 61; index++)
        {
            var fields = new HeaderFields();
            Assert.Equal(ErrorCode.NoError, new HpackDecoder(4096).TryDecode([(byte)(0x80 | index)], fields, 4096));
            _output.ResetWrittenCount();
            HpackEncoder.Write(fields, _output);
            Assert.Equal(0x80 | index, Assert.Single(_output.WrittenSpan.ToArray()));
        }
    }
}
