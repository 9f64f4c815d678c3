using System.Text.Json;
using CriGuard.Store.Events;

namespace CriGuard.Store.Status;

/// <summary>`status.json` of the state directory: a reader always finds one that is whole. It is no evidence and no state; nothing is read back from it.</summary>
/// <param name="stateDirectory">Of the daemon.</param>
public sealed class StatusFile(string stateDirectory)
{
    private const int MaxSize = 1024 * 1024;

    public string Path { get; } = System.IO.Path.Combine(stateDirectory, "status.json");

    /// <summary>Replaces what is there; not synced, since it says nothing that outlives the daemon.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(DaemonStatus status)
    {
        string draft = Path + ".new";
        using (var file = PrivateFile.Open(draft, FileMode.Create))
            JsonSerializer.Serialize(file, status, StatusJson.Default.DaemonStatus);
        File.Move(draft, Path, overwrite: true);
    }

    /// <summary>Null where no daemon has ever said anything there.</summary>
    /// <exception cref="InvalidDataException">There is a file of another kind.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public DaemonStatus? Read()
    {
        if (!Directory.Exists(stateDirectory))
            throw new DirectoryNotFoundException($"there is no state directory `{stateDirectory}`");
        try
        {
            using var file = File.OpenRead(Path);
            if (file.Length > MaxSize)
                throw new InvalidDataException($"`{Path}` is too large to be a status");
            return JsonSerializer.Deserialize(file, StatusJson.Default.DaemonStatus);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"`{Path}` is no status of a daemon", e);
        }
    }

    /// <summary>A daemon that ends well says nothing any more.</summary>
    public void Remove() => File.Delete(Path);
}
