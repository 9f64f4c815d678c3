using System.Globalization;
using System.Text;
using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

// 000000000042 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
// 1            2
// 1 sequence of the last event that is on disk, 12 digits
// 2 hash of its line

/// <summary>The last position that is on disk, beside the log: a chain alone cannot show that lines are gone from its end.</summary>
internal sealed class HeadFile : IDisposable
{
    private const int SequenceDigits = 12;
    private const int Length = SequenceDigits + 1 + LineHash.TextLength + 1;

    private readonly FileStream _file;

    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    public HeadFile(string path) => _file = PrivateFile.Open(path, FileMode.OpenOrCreate);

    /// <summary>Overwrites the position in place: a process that dies afterwards does not take it along, a power cut may.</summary>
    public void Write(ChainPosition position) =>
        RandomAccess.Write(_file.SafeFileHandle, Encoding.ASCII.GetBytes($"{position.Sequence:d12} {position.Hash}\n"), 0);

    public void Sync() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    public void Dispose() => _file.Dispose();

    /// <summary>Null where there is no such file, or nothing in it that was written here.</summary>
    public static ChainPosition? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        // A writer may be in the middle of it: what two reads in a row agree on is whole.
        var text = File.ReadAllBytes(path);
        for (var again = File.ReadAllBytes(path); !again.AsSpan().SequenceEqual(text); again = File.ReadAllBytes(path))
            text = again;
        return TryParse(text, out var position) ? position : null;
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out ChainPosition position)
    {
        position = default;
        if (text.Length != Length || text[SequenceDigits] != ' ' || text[^1] != '\n'
            || !long.TryParse(text[..SequenceDigits], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !LineHash.TryParse(text[(SequenceDigits + 1)..^1], out var hash)
            || (sequence == 0 && hash != LineHash.None))
        {
            return false;
        }

        position = new ChainPosition(sequence, hash);
        return true;
    }
}
