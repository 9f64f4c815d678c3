using CriGuard.Linux;

namespace CriGuard.Doctor;

/// <summary>Reads who may do something to a file, by its own mode and by the directories above it.</summary>
internal static class FileAccessReader
{
    private const UnixFileMode WriteOfOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public static FileAccessState Read(string path)
    {
        FileStat? stat = FileStat.Read(path, follow: true, out var found) == 0 ? found : null;
        for (var directory = Path.GetDirectoryName(path); !string.IsNullOrEmpty(directory); directory = Path.GetDirectoryName(directory))
        {
            if (FileStat.Read(directory, follow: true, out var above) == 0 && IsOpen(above))
                return new FileAccessState(stat, directory);
        }

        return new FileAccessState(stat);
    }

    /// <summary>Others may put something else in the place of what lies there; under the sticky bit they may not.</summary>
    private static bool IsOpen(FileStat directory) =>
        directory.Uid != 0 || (directory.Permissions & WriteOfOthers) != UnixFileMode.None && !directory.Permissions.HasFlag(UnixFileMode.StickyBit);
}
