#pragma warning disable RS0030 // System.Random is banned because its numbers cannot be had again: here they come from the seed on the command line.
namespace CriGuard.Fuzz;

/// <summary>Makes inputs out of others: flips, sets, inserts, removes, repeats, splices, cuts.</summary>
internal sealed class Mutator
{
    private const int MaxLength = 4096;

    // The edges of prefixes, lengths and signs.
    private static readonly byte[] Edges = [0x00, 0x01, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xbe, 0xbf, 0xc0, 0xe0, 0xfe, 0xff];

    private readonly Random _random;

    public Mutator(int seed) => _random = new Random(seed);

    /// <summary>A new input from one of <paramref name="pool"/>, whose first <paramref name="seeds"/> are those that the target gave.</summary>
    public byte[] Mutate(IReadOnlyList<byte[]> pool, int seeds)
    {
        // Seeds every other time: what is accepted tends to get shorter and poorer.
        var input = new List<byte>(pool[_random.Next(_random.Next(2) == 0 ? seeds : pool.Count)]);
        for (var steps = 1 + _random.Next(4); steps > 0; steps--)
            Step(input, pool);
        if (input.Count > MaxLength)
            input.RemoveRange(MaxLength, input.Count - MaxLength);
        return [.. input];
    }

    private void Step(List<byte> input, IReadOnlyList<byte[]> pool)
    {
        var at = _random.Next(input.Count + 1);
        var length = Math.Min(_random.Next(1, 17), input.Count - at);
        switch (at < input.Count ? _random.Next(14) : 12)
        {
            case < 4:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case < 7:
                input[at] = Edges[_random.Next(Edges.Length)];
                break;
            case < 9:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case < 11:
                input.RemoveRange(at, length);
                break;
            case 11:
                input.RemoveRange(at, input.Count - at);
                break;
            case 12:
                var inserted = new byte[_random.Next(1, 9)];
                _random.NextBytes(inserted);
                input.InsertRange(at, inserted);
                break;
            default:
                var other = pool[_random.Next(pool.Count)];
                input.RemoveRange(at, input.Count - at);
                input.AddRange(other.AsSpan(_random.Next(other.Length + 1)));
                break;
        }
    }
}
