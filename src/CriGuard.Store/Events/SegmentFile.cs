namespace CriGuard.Store.Events;

/// <summary>The segment that is appended to.</summary>
internal sealed class SegmentFile : IDisposable
{
    private readonly FileStream _file;

    private SegmentFile(FileStream file, long length) => (_file, Length) = (file, length);

    /// <summary>Bytes that count; the file may be longer while a write failed and could not be cut off.</summary>
    public long Length { get; private set; }

    /// <summary>False once somebody removed or renamed the file: what is written then is nowhere after a restart.</summary>
    public bool IsInPlace => File.Exists(_file.Name);

    public string Path => _file.Name;

    /// <summary>Begins a segment; one of that name has no event yet, or it would not be the next.</summary>
    public static SegmentFile Create(string path) => new(PrivateFile.Open(path, FileMode.Create), 0);

    /// <summary>Goes on with a segment behind this many bytes.</summary>
    public static SegmentFile Continue(string path, long length) => new(PrivateFile.Open(path, FileMode.Open), length);

    /// <exception cref="IOException">Not all was written: <see cref="CutBack"/> takes away what was.</exception>
    public void Write(ReadOnlySpan<byte> lines)
    {
        RandomAccess.Write(_file.SafeFileHandle, lines, Length);
        Length += lines.Length;
    }

    /// <exception cref="IOException">What was written since the last sync may never reach the disk, though a later sync succeeds.</exception>
    public void Sync() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    /// <summary>Ends the file here, where it is longer.</summary>
    public void CutBack(long length)
    {
        Length = length;
        if (RandomAccess.GetLength(_file.SafeFileHandle) > length)
            RandomAccess.SetLength(_file.SafeFileHandle, length);
    }

    public void Dispose() => _file.Dispose();
}
