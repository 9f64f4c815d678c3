using CriGuard.Core.Events;
using Microsoft.Win32.SafeHandles;

namespace CriGuard.Store.Events;

/// <summary>Gives the whole lines of a file one by one in bounded memory; asked again at the end, it gives those that were added.</summary>
internal sealed class LineScanner : IDisposable
{
    private readonly SafeFileHandle _file;
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _scanned;
    private int _end;

    /// <param name="path">The file.</param>
    /// <param name="from">Offset to begin at: that of a line.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public LineScanner(string path, long from = 0) => (_file, Offset) = (PrivateFile.OpenShared(path), from);

    /// <summary>Offset in the file behind the last line that was given.</summary>
    public long Offset { get; private set; }

    /// <summary>Lines that were given.</summary>
    public long Lines { get; private set; }

    /// <summary>Bytes behind the last whole line, once <see cref="TryNext"/> gave false: a line being written, or torn.</summary>
    public ReadOnlyMemory<byte> Unfinished => _buffer.AsMemory(_start, _end - _start);

    /// <summary>True where the file is shorter than what was read of it: its end was cut off again by the writer.</summary>
    public bool IsCut => RandomAccess.GetLength(_file) < Offset + Unfinished.Length;

    /// <summary>Null where the file is not there (any more): retention takes segments away.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static LineScanner? TryOpen(string path)
    {
        try
        {
            return new LineScanner(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The next line without its newline, valid until the next call; longer ones than any line of ours come in pieces.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool TryNext(out ReadOnlyMemory<byte> line)
    {
        while (true)
        {
            var newline = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = Take(_scanned + newline - _start, 1);
                return true;
            }

            _scanned = _end;
            if (_end - _start >= EventLine.MaxBytes)
            {
                line = Take(_end - _start, 0);
                return true;
            }

            if (!Fill())
            {
                line = default;
                return false;
            }
        }
    }

    /// <summary>Goes on behind the last whole line that the file still has.</summary>
    public void Rewind()
    {
        Offset = Math.Min(Offset, RandomAccess.GetLength(_file));
        _start = _scanned = _end = 0;
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlyMemory<byte> Take(int length, int separator)
    {
        var line = _buffer.AsMemory(_start, length);
        _start += length + separator;
        _scanned = _start;
        Offset += length + separator;
        Lines++;
        return line;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _scanned, _end) = (0, _scanned - _start, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = RandomAccess.Read(_file, _buffer.AsSpan(_end), Offset + _end);
        _end += read;
        return read > 0;
    }
}
