namespace CriGuard.Linux;

/// <summary>Files that the kernel makes up as they are read: their length says nothing (0 in procfs, a page in sysfs).</summary>
internal static class KernelFile
{
    /// <summary>The whole content; null where it cannot be read, for whatever reason.</summary>
    public static byte[]? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var content = new MemoryStream();
            file.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
