using System.Security.Cryptography;
using System.Text;

namespace CriGuard.Store.Policies;

/// <summary>The files that a policy is read from, and whether they are still what they were.</summary>
public static class PolicyFiles
{
    private const int BufferSize = 4096;

    /// <summary>
    /// Equal for the same names with the same content. Times, sizes and inodes tell less: a mounted ConfigMap changes by a swapped link above its
    /// files, and a network file system may keep old attributes.
    /// </summary>
    /// <returns>64 hexadecimal digits; what cannot be read counts as the content that it cannot be read, so nothing is thrown for it.</returns>
    public static string Digest(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[BufferSize];
        try
        {
            foreach (var file in Find(path))
                Append(hash, file, buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AppendText(hash, e.GetType().Name);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The file itself, or all `*.yaml` files of the directory by name.</summary>
    /// <exception cref="IOException">The directory cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be listed.</exception>
    internal static string[] Find(string path) =>
        Directory.Exists(path) ? [.. Directory.GetFiles(path, "*.yaml").Order(StringComparer.Ordinal)] : [path];

    private static void Append(IncrementalHash hash, string file, Span<byte> buffer)
    {
        AppendText(hash, file);
        try
        {
            using var handle = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
            long length = 0;
            // No more than the reader takes: what lies behind is refused unread.
            for (int count; length <= PolicyReader.MaxFile && (count = RandomAccess.Read(handle, buffer, length)) > 0; length += count)
                hash.AppendData(buffer[..count]);
            AppendText(hash, $"{length}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AppendText(hash, e.GetType().Name);
        }
    }

    // With an end that no name has: two files are not one whose name and content run on alike.
    private static void AppendText(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData("\0"u8);
    }
}
