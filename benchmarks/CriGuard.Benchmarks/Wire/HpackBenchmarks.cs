using System.Buffers;
using BenchmarkDotNet.Attributes;
using CriGuard.Grpc.Http2;

namespace CriGuard.Benchmarks.Wire;

/// <summary>What the header block of a call costs on its way through.</summary>
[MemoryDiagnoser]
public class HpackBenchmarks
{
    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize);
    private readonly HeaderFields _decoded = new();
    private readonly HeaderFields _fields = KubeletCall.Fields();
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly byte[] _first = KubeletCall.FirstBlock();
    private readonly byte[] _next = KubeletCall.NextBlock();

    [GlobalSetup]
    public void Fill() => DecodeFirst();

    [Benchmark(Description = "decode the first call (Huffman, into the table)")]
    public ErrorCode DecodeFirst() => Decode(_first);

    [Benchmark(Description = "decode a later call (from the table)")]
    public ErrorCode DecodeNext() => Decode(_next);

    [Benchmark(Description = "check the request")]
    public ErrorCode Check() => RequestHeaders.Check(_fields);

    [Benchmark(Description = "encode without state")]
    public int Encode()
    {
        _output.ResetWrittenCount();
        HpackEncoder.Write(_fields, _output);
        return _output.WrittenCount;
    }

    private ErrorCode Decode(byte[] block)
    {
        _decoded.Clear();
        var result = _decoder.TryDecode(block, _decoded, 16_384);
        return _decoded.Count == _fields.Count ? result : throw new InvalidOperationException("the block was not decoded");
    }
}
