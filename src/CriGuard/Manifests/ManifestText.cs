using System.Text;
using CriGuard.Core.Policy;

namespace CriGuard.Manifests;

/// <summary>Reads the text of manifests: a file, the files of a directory, or what comes in by `-`.</summary>
internal static class ManifestText
{
    /// <summary>Bytes that one file may have.</summary>
    private const int MaxFile = 16 << 20;

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Name and text of each file that could be read; the errors say what of the rest.</summary>
    public static IEnumerable<(string Name, string Text)> Read(string path, Func<Stream> input, ISet<PolicyError> errors)
    {
        if (path == "-")
            return Open("stdin", input, errors) is { } piped ? [("stdin", piped)] : [];
        return Files(path, errors).Select(file => (file, Open(file, () => File.OpenRead(file), errors)))
            .Where(static file => file.Item2 is not null).Select(static file => (file.file, file.Item2!));
    }

    private static IEnumerable<string> Files(string path, ISet<PolicyError> errors)
    {
        if (!Directory.Exists(path))
            return [path];
        try
        {
            var files = Directory.GetFiles(path).Where(static file => Endings.Contains(Path.GetExtension(file), StringComparer.Ordinal)).ToList();
            if (files.Count == 0)
                errors.Add(new PolicyError(new Position(path, 0, 0), "no `*.yaml`, `*.yml` or `*.json` file in this directory: put a manifest there"));
            return files.Order(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new PolicyError(new Position(path, 0, 0), $"cannot list the directory: {e.Message.TrimEnd('.')}"));
            return [];
        }
    }

    private static string? Open(string name, Func<Stream> open, ISet<PolicyError> errors)
    {
        var whole = new Position(name, 0, 0);
        try
        {
            using var stream = open();
            var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            while (bytes.Length <= MaxFile && stream.Read(buffer) is > 0 and var count)
                bytes.Write(buffer, 0, count);
            if (bytes.Length <= MaxFile)
                return StrictUtf8.GetString(bytes.ToArray());
            errors.Add(new PolicyError(whole, $"larger than {MaxFile} bytes: split it"));
        }
        catch (DecoderFallbackException)
        {
            errors.Add(new PolicyError(whole, "not UTF-8: save it as UTF-8"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var cause = e is FileNotFoundException or DirectoryNotFoundException ? "there is none" : e.Message.TrimEnd('.');
            errors.Add(new PolicyError(whole, $"cannot read the file: {cause}"));
        }

        return null;
    }
}
