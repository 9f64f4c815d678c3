using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CriGuard.Core.Events;

/// <summary>SHA-256 of one line of the log, its newline left out; written as 64 lower-case hex digits.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LineHash(UInt128 High, UInt128 Low)
{
    /// <summary>Length of the text in characters.</summary>
    public const int TextLength = 64;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    private const int HalfText = TextLength / 2;

    /// <summary>What stands before the first line of a log: all zeros.</summary>
    public static LineHash None => default;

    public static LineHash Of(ReadOnlySpan<byte> line)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, digest);
        return new LineHash(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));
    }

    /// <summary>Takes exactly what <see cref="ToString"/> gives; upper-case digits are not ours.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out LineHash hash)
    {
        hash = default;
        if (text.Length != TextLength || text.ContainsAnyExcept(Digits))
            return false;
        hash = new LineHash(Half(text[..HalfText]), Half(text[HalfText..]));
        return true;

        static UInt128 Half(ReadOnlySpan<byte> digits) => UInt128.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    public override string ToString() => $"{High:x32}{Low:x32}";
}
