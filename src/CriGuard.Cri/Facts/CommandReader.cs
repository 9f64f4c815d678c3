using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CriGuard.Core.Workloads;
using Google.Protobuf.Collections;

namespace CriGuard.Cri.Facts;

/// <summary>The command of an exec: its first word, and a digest of all of it; arguments hold secrets (T-E4).</summary>
internal static class CommandReader
{
    /// <summary>Characters kept of a command's first word.</summary>
    private const int LongestExecutable = 256;

    public static AccessFacts Read(AccessFacts asked, RepeatedField<string> words)
    {
        var executable = words.Count > 0 ? words[0] : "";
        return asked with
        {
            Executable = executable.Length <= LongestExecutable ? executable : executable[..LongestExecutable],
            Arguments = Math.Max(0, words.Count - 1),
        };
    }

    /// <summary>Equal for equal words in equal order; the first half of a SHA-256.</summary>
    public static UInt128 Digest(RepeatedField<string> words)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var word in words)
        {
            var bytes = Encoding.UTF8.GetBytes(word);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }
}
