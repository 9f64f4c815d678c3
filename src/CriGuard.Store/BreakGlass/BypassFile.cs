using System.Buffers;
using System.Text;
using System.Text.Json;
using CriGuard.Core.Policy;
using CriGuard.Store.Events;

namespace CriGuard.Store.BreakGlass;

// {"began":"2026-11-22T01:20:00.0000000+00:00","until":"2026-11-22T01:50:00.0000000+00:00","reason":"…","by":"root"}

/// <summary>Where an open bypass is kept, so that it outlives a restart of the daemon: `bypass.json` of the state directory, which only root writes.</summary>
/// <param name="stateDirectory">Of the daemon.</param>
public sealed class BypassFile(string stateDirectory)
{
    /// <summary>More than a reason and all the rest can have.</summary>
    private const int MaxSize = 16 * 1024;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public string Path { get; } = System.IO.Path.Combine(stateDirectory, "bypass.json");

    /// <summary>Null where there is none.</summary>
    /// <exception cref="InvalidDataException">There is one that means nothing, or that others may write.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public Bypass? Read()
    {
        if (!File.Exists(Path))
            return null;
        if ((File.GetUnixFileMode(Path) & OthersWrite) != UnixFileMode.None)
            throw new InvalidDataException($"`{Path}` may be written by others than its owner: it opens nothing");
        try
        {
            using var handle = PrivateFile.OpenShared(Path);
            var content = new byte[(int)Math.Min(RandomAccess.GetLength(handle), MaxSize + 1)];
            if (content.Length > MaxSize)
                throw new InvalidDataException($"`{Path}` is too large: it opens nothing");
            return Parse(content.AsMemory(0, RandomAccess.Read(handle, content, 0)));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Replaces what is there, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Only root may.</exception>
    public void Write(Bypass bypass)
    {
        ArgumentNullException.ThrowIfNull(bypass);
        var content = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteString("began", bypass.Began);
            json.WriteString("until", bypass.Until);
            json.WriteString("reason", bypass.Reason);
            json.WriteString("by", bypass.By);
            json.WriteEndObject();
        }

        PrivateFile.Replace(Path, content.WrittenSpan);
    }

    /// <summary>False where there was none.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">Only root may.</exception>
    public bool Remove()
    {
        if (!File.Exists(Path))
            return false;
        File.Delete(Path);
        return true;
    }

    private Bypass Parse(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            var read = new Bypass(
                root.GetProperty("began").GetDateTimeOffset(), root.GetProperty("until").GetDateTimeOffset(),
                root.GetProperty("reason").GetString() ?? "", root.GetProperty("by").GetString() ?? "");
            return Encoding.UTF8.GetByteCount(read.Reason) <= Bypass.LongestReason ? read : throw new FormatException();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"`{Path}` is no bypass: it opens nothing; `criguard bypass` writes it", e);
        }
    }
}
