using System.Text;
using CriGuard.Core.Policy;

namespace CriGuard.Store.Policies;

/// <summary>Reads a policy from one file, or from all `*.yaml` files of a directory.</summary>
public static class PolicyReader
{
    /// <summary>Bytes that one file may have.</summary>
    public const int MaxFile = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Everything wrong is in the result, files that cannot be read included; nothing is thrown for it.</summary>
    public static PolicyReading Read(string path)
    {
        var (errors, documents) = (new List<PolicyError>(), new List<PolicyDocument>());
        foreach (var file in Files(path, errors))
        {
            if (ReadText(file, errors) is { } text && YamlTree.Read(file, text, errors) is { } root
                && DocumentSection.Read(root, errors) is { } document)
            {
                documents.Add(document);
            }
        }

        if (errors.Count == 0)
            return PolicyCompiler.Compile(documents);
        return PolicyReading.Failed([.. errors, .. PolicyCompiler.Check(documents)]);
    }

    private static string[] Files(string path, List<PolicyError> errors)
    {
        try
        {
            var files = PolicyFiles.Find(path);
            if (files.Length == 0)
                errors.Add(new PolicyError(new Position(path, 0, 0), "no `*.yaml` file in this directory: put a policy there"));
            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new PolicyError(new Position(path, 0, 0), $"cannot list the directory: {Cause(e)}"));
            return [];
        }
    }

    private static string? ReadText(string file, List<PolicyError> errors)
    {
        var whole = new Position(file, 0, 0);
        try
        {
            using var stream = File.OpenRead(file);
            var bytes = new byte[MaxFile + 1];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count <= MaxFile)
                return StrictUtf8.GetString(bytes.AsSpan(0, count));
            errors.Add(new PolicyError(whole, $"larger than {MaxFile} bytes: split it"));
        }
        catch (DecoderFallbackException)
        {
            errors.Add(new PolicyError(whole, "not UTF-8: save it as UTF-8"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new PolicyError(whole, $"cannot read the file: {Cause(e)}"));
        }

        return null;
    }

    private static string Cause(Exception e) => e is FileNotFoundException or DirectoryNotFoundException ? "there is none" : e.Message.TrimEnd('.');
}
