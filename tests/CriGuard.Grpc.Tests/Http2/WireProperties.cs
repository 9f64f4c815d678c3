using System.Buffers;
using CriGuard.Grpc.Http2;
using FsCheck;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class WireProperties
{
    [Fact]
    public void A_frame_header_that_is_written_is_read_again() =>
        Prop.ForAll<uint, ushort, int>((length, typeAndFlags, streamId) =>
        {
            var header = new FrameHeader((int)(length & 0xffffff), (FrameType)(typeAndFlags >> 8), (FrameFlags)typeAndFlags, streamId & int.MaxValue);
            var octets = new byte[FrameHeader.Size];
            header.Write(octets);
            return FrameHeader.TryParse(octets, out var read) && read == header;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fields_that_are_encoded_are_decoded_again() =>
        Prop.ForAll<Tuple<byte[], byte[], bool>[]>(source =>
        {
            var fields = new HeaderFields();
            foreach (var (name, value, neverIndexed) in source)
                fields.Add(name ?? [], value ?? [], neverIndexed);
            var block = new ArrayBufferWriter<byte>();
            HpackEncoder.Write(fields, block);

            var read = new HeaderFields();
            return new HpackDecoder(4096).TryDecode(block.WrittenSpan, read, int.MaxValue) is ErrorCode.NoError
                && Wire.Text(read) == Wire.Text(fields)
                && read.ListSize == fields.ListSize;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_octets_decode_or_are_refused_within_the_bounds() =>
        Prop.ForAll<byte[][]>(blocks =>
        {
            var decoder = new HpackDecoder(256);
            var fields = new HeaderFields();
            foreach (var block in blocks)
            {
                fields.Clear();
                var result = decoder.TryDecode(block ?? [], fields, 512);
                if (result is not (ErrorCode.NoError or ErrorCode.CompressionError or ErrorCode.EnhanceYourCalm))
                    return false;
                if (fields.ListSize > 512 || decoder.TableSize > 256)
                    return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_octets_go_through_huffman_both_ways() =>
        Prop.ForAll<byte[]>(source =>
        {
            var encoded = new byte[HuffmanEncoder.GetEncodedLength(source)];
            HuffmanEncoder.Encode(source, encoded);
            var decoded = new byte[HuffmanDecoder.MaxDecodedLength(encoded.Length)];
            return HuffmanDecoder.TryDecode(encoded, decoded, out var written) && decoded.AsSpan(0, written).SequenceEqual(source);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_string_that_decodes_has_no_other_encoding() =>
        Prop.ForAll<byte[]>(source =>
        {
            var decoded = new byte[HuffmanDecoder.MaxDecodedLength(source.Length)];
            if (!HuffmanDecoder.TryDecode(source, decoded, out var written))
                return true;
            var encoded = new byte[HuffmanEncoder.GetEncodedLength(decoded.AsSpan(0, written))];
            HuffmanEncoder.Encode(decoded.AsSpan(0, written), encoded);
            return encoded.AsSpan().SequenceEqual(source);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Settings_that_are_written_are_read_again() =>
        Prop.ForAll<Tuple<ushort, uint>[]>(source =>
        {
            Setting[] settings = [.. source.Select(entry => new Setting((SettingId)entry.Item1, entry.Item2))];
            var frame = new byte[FrameWriter.SettingsSize(settings.Length)];
            FrameWriter.WriteSettings(frame, settings);
            var read = new List<Setting>();
            foreach (var setting in Settings.Enumerate(frame.AsSpan(FrameHeader.Size)))
                read.Add(setting);
            return read.SequenceEqual(settings);
        }).QuickCheckThrowOnFailure();
}
