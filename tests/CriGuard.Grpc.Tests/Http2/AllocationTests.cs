using System.Buffers;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class AllocationTests
{
    // Huffman and plain, indexed and literal, static and dynamic.
    private static readonly byte[] Block = Wire.Octets(
        "8386 4502 2f61 418cf1e3c2e5f23a6ba0ab90f4ff 400a637573746f6d2d6b65790c637573746f6d2d76616c7565 be");

    [Fact]
    public void A_call_is_parsed_decoded_checked_and_encoded_without_allocating()
    {
        var decoder = new HpackDecoder(HpackDecoder.DefaultTableSize);
        var fields = new HeaderFields();
        var output = new ArrayBufferWriter<byte>(4096);
        var frame = new byte[FrameHeader.Size + Block.Length];
        FrameWriter.WriteHeadersHeader(frame, 1, Block.Length, endStream: false, endHeaders: true);
        Block.CopyTo(frame, FrameHeader.Size);

        // The first round fills the table and grows memory; those after it are measured.
        var accepted = Carry(decoder, fields, output, frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            accepted &= Carry(decoder, fields, output, frame);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(accepted);
        Assert.Equal(0, allocated);
    }

    private static bool Carry(HpackDecoder decoder, HeaderFields fields, ArrayBufferWriter<byte> output, byte[] frame)
    {
        fields.Clear();
        output.ResetWrittenCount();
        if (!FrameHeader.TryParse(frame, out var header) || FrameRules.Check(header, FrameRules.DefaultMaxFrameSize) is not ErrorCode.NoError)
            return false;
        if (!FramePayload.TryStripPadding(header, frame.AsSpan(FrameHeader.Size, header.Length), out var block, out _))
            return false;
        if (decoder.TryDecode(block, fields, 16_384) is not ErrorCode.NoError)
            return false;
        HpackEncoder.WriteTableSizeUpdate(0, output);
        HpackEncoder.Write(fields, output);
        FrameWriter.WriteHeadersHeader(output.GetSpan(FrameHeader.Size), header.StreamId, output.WrittenCount, endStream: true, endHeaders: true);
        return RequestHeaders.Check(fields) is ErrorCode.NoError;
    }
}
