using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CriGuard.Linux.Mounts;

/// <summary>One line of `mountinfo` (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">Unique while it is mounted.</param>
/// <param name="ParentId">The mount that it is mounted on.</param>
/// <param name="Device">`major:minor` of the file system: equal for all its mounts.</param>
/// <param name="Root">What of the file system is mounted: `/` is all of it, a bind mount has the path of its source there.</param>
/// <param name="Point">Where, from the reading process's root on.</param>
/// <param name="FileSystem">Type.</param>
public sealed record MountEntry(int Id, int ParentId, string Device, string Root, string Point, string FileSystem)
{
    private const int FixedFields = 6;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    // 1  2  3    4     5     6          7        8 9    10        11
    // 1 id, 2 parent, 3 device, 4 root, 5 point, 6 options, 7 any number of fields of propagation, 8 their end, 9 type, 10 source, 11 options
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out MountEntry? entry)
    {
        entry = null;
        Span<Range> fields = stackalloc Range[FixedFields];
        var end = line.IndexOf(" - "u8);
        if (end < 0 || Split(line[..end], fields) < FixedFields)
            return false;
        if (!TryNumber(line[fields[0]], out var id) || !TryNumber(line[fields[1]], out var parent))
            return false;
        var rest = line[(end + 3)..];
        var type = rest.IndexOf((byte)' ') is >= 0 and var space ? rest[..space] : rest;
        if (!TryText(line[fields[2]], out var device) || !TryText(line[fields[3]], out var root)
            || !TryText(line[fields[4]], out var point) || !TryText(type, out var fileSystem) || !point.StartsWith('/'))
            return false;
        entry = new MountEntry(id, parent, device, root, point, fileSystem);
        return true;
    }

    /// <summary>The first fields; those after them are not needed.</summary>
    private static int Split(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        var (count, start) = (0, 0);
        while (count < fields.Length && start <= line.Length)
        {
            var length = line[start..].IndexOf((byte)' ');
            var stop = length < 0 ? line.Length : start + length;
            fields[count++] = start..stop;
            start = stop + 1;
        }

        return count;
    }

    private static bool TryNumber(ReadOnlySpan<byte> field, out int number) =>
        Utf8Parser.TryParse(field, out number, out var used) && used == field.Length;

    /// <summary>Space, tab, line feed and backslash are written as three octal digits behind a backslash.</summary>
    private static bool TryText(ReadOnlySpan<byte> field, out string text)
    {
        text = "";
        var bytes = new byte[field.Length];
        var length = 0;
        for (var i = 0; i < field.Length; i++)
        {
            var isEscape = field[i] == '\\' && i + 3 < field.Length && IsOctal(field[i + 1]) && IsOctal(field[i + 2]) && IsOctal(field[i + 3]);
            bytes[length++] = isEscape ? (byte)((field[i + 1] - '0') << 6 | (field[i + 2] - '0') << 3 | (field[i + 3] - '0')) : field[i];
            i += isEscape ? 3 : 0;
        }

        try
        {
            text = Strict.GetString(bytes, 0, length);
            return length > 0;
        }
        catch (DecoderFallbackException)
        {
            // A mount point that is no text: no request can name it either.
            return false;
        }
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
