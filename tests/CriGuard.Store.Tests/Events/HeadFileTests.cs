using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

public sealed class HeadFileTests : IDisposable
{
    private readonly LogFolder _folder = new();

    [Fact]
    public async Task No_flipped_bit_of_the_head_file_passes()
    {
        await _folder.Fill(8);
        var head = File.ReadAllBytes(_folder.Head);
        for (var bit = 0; bit < head.Length * 8; bit++)
        {
            head[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(_folder.Head, head);
            Assert.False(LogVerifier.Verify(_folder.Path).Ok, $"bit {bit}");
            head[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task The_head_is_the_sequence_and_hash_of_the_last_line()
    {
        await _folder.Fill(3);

        Assert.Equal($"000000000003 {LineHash.Of(File.ReadAllBytes(_folder.Segments[0]).AsSpan()[..^1][(File.ReadAllText(_folder.Segments[0])[..^1].LastIndexOf('\n') + 1)..])}\n", File.ReadAllText(_folder.Head));
    }

    public void Dispose() => _folder.Dispose();
}
