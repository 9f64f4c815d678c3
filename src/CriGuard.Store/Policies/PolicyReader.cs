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
            Add(file, ReadText(file, errors), errors, documents);
        return Compile(errors, documents);
    }

    /// <summary>What a directory would be with a further file, or with other content of one: nothing is written for it.</summary>
    /// <param name="directory">The policy.</param>
    /// <param name="file">Path in that directory.</param>
    /// <param name="text">What it would hold.</param>
    public static PolicyReading ReadWith(string directory, string file, string text)
    {
        var (errors, documents) = (new List<PolicyError>(), new List<PolicyDocument>());
        foreach (var other in Directory.Exists(directory) ? PolicyFiles.Find(directory).Where(other => other != file) : [])
            Add(other, ReadText(other, errors), errors, documents);
        Add(file, text, errors, documents);
        return Compile(errors, documents);
    }

    private static void Add(string file, string? text, List<PolicyError> errors, List<PolicyDocument> documents)
    {
        if (text is not null && YamlTree.Read(file, text, errors) is { } root && DocumentSection.Read(root, errors) is { } document)
            documents.Add(document);
    }

    private static PolicyReading Compile(List<PolicyError> errors, List<PolicyDocument> documents)
    {
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
