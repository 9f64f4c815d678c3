namespace CriGuard.Grpc.Http2;

/// <summary>The Huffman code as a machine that takes four bits a step; a state is an inner node of the code's tree, the root is 0.</summary>
internal static class HuffmanSteps
{
    public const uint Emits = 0x100;
    public const uint Fails = 0x200;

    // A binary tree with 257 leaves has 256 inner nodes. Children: an inner node, or ~symbol for a leaf.
    private const int Nodes = 256;
    private const int LongestPadding = 7;

    private static readonly int[] Children = Grow();

    /// <summary>Indexed by state * 16 + four bits: the next state &lt;&lt; 16, flags, and the symbol that the step completed.</summary>
    public static readonly uint[] Table = Walk();

    /// <summary>The states in which a string may end: the root and up to seven ones below it (RFC 7541 section 5.2).</summary>
    public static readonly bool[] MayEnd = FollowOnes();

    private static int[] Grow()
    {
        var children = new int[Nodes * 2];
        var codes = HuffmanCode.Assign();
        var nodes = 1;
        for (var symbol = 0; symbol < codes.Length; symbol++)
        {
            var node = 0;
            for (var bit = HuffmanCode.Lengths[symbol] - 1; bit > 0; bit--)
            {
                ref var child = ref children[(node * 2) + (int)((codes[symbol] >> bit) & 1)];
                if (child == 0)
                    child = nodes++;
                node = child;
            }

            children[(node * 2) + (int)(codes[symbol] & 1)] = ~symbol;
        }

        return children;
    }

    private static uint[] Walk()
    {
        var table = new uint[Nodes * 16];
        for (var i = 0; i < table.Length; i++)
        {
            var node = i / 16;
            var result = 0u;
            for (var bit = 3; bit >= 0; bit--)
            {
                var child = Children[(node * 2) + ((i >> bit) & 1)];
                if (child < 0)
                    result |= ~child == HuffmanCode.EndOfString ? Fails : Emits | (uint)~child;
                node = Math.Max(child, 0);
            }

            table[i] = result | ((uint)node << 16);
        }

        return table;
    }

    private static bool[] FollowOnes()
    {
        var mayEnd = new bool[Nodes];
        var node = 0;
        for (var ones = 0; ones <= LongestPadding; ones++)
        {
            mayEnd[node] = true;
            node = Children[(node * 2) + 1];
        }

        return mayEnd;
    }
}
