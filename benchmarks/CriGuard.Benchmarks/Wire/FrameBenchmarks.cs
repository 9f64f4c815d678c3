using BenchmarkDotNet.Attributes;
using CriGuard.Grpc.Http2;

namespace CriGuard.Benchmarks.Wire;

/// <summary>What it costs to look at a frame that is passed on.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks
{
    private readonly byte[] _octets = new byte[FrameHeader.Size];
    private int _streamId = 1;

    [GlobalSetup]
    public void Fill() => FrameWriter.WriteDataHeader(_octets, 1, 16_384, endStream: false);

    [Benchmark(Description = "parse and check a frame header")]
    public ErrorCode ParseAndCheck() =>
        FrameHeader.TryParse(_octets, out var header) ? FrameRules.Check(header, FrameRules.DefaultMaxFrameSize) : ErrorCode.InternalError;

    [Benchmark(Description = "write a frame header")]
    public int Write() => FrameWriter.WriteDataHeader(_octets, _streamId += 2, 16_384, endStream: false);
}
