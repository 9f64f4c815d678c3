using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class HpackExampleTests
{
    [Fact]
    public void Each_representation_decodes_on_its_own()
    {
        foreach (var example in HpackExample.Representations)
            Follow(new HpackDecoder(HpackDecoder.DefaultTableSize), example);
    }

    [Fact]
    public void Requests_decode_one_after_the_other() => Follow(4096, HpackExample.PlainRequests);

    [Fact]
    public void Coded_requests_decode_one_after_the_other() => Follow(4096, HpackExample.CodedRequests);

    [Fact]
    public void Responses_decode_while_a_table_of_256_octets_evicts() => Follow(256, HpackExample.PlainResponses);

    [Fact]
    public void Coded_responses_decode_while_a_table_of_256_octets_evicts() => Follow(256, HpackExample.CodedResponses);

    private static void Follow(int tableSize, HpackExample[] examples)
    {
        var decoder = new HpackDecoder(tableSize);
        foreach (var example in examples)
            Follow(decoder, example);
    }

    private static void Follow(HpackDecoder decoder, HpackExample example)
    {
        var fields = new HeaderFields();
        Assert.Equal(ErrorCode.NoError, decoder.TryDecode(Wire.Octets(example.Block), fields, 16_384));
        Assert.Equal(
            (example.Section, example.Fields, example.Table, example.TableSize),
            (example.Section, Wire.Text(fields), Wire.Table(decoder), decoder.TableSize));
    }
}
