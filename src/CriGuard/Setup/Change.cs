using System.Security.Cryptography;
using System.Text;
using CriGuard.Output;

namespace CriGuard.Setup;

/// <summary>One thing that is put on the node: a directory, a file with this content, or a symbolic link.</summary>
/// <param name="Path">On the node.</param>
internal abstract record Change(string Path)
{
    /// <summary>What tells later whether somebody changed it since.</summary>
    public abstract string Digest { get; }

    /// <summary>True where the node has it already.</summary>
    public abstract bool IsDone(NodePaths node);

    /// <summary>Puts it there, in the place of what is there.</summary>
    public abstract void Make(NodePaths node);

    /// <summary>For people: what will be there, with the lines that change where the file is somebody else's.</summary>
    public abstract IEnumerable<string> Describe(NodePaths node);

    /// <summary>Of what lies at the path now; empty where it is neither a file nor a link.</summary>
    public static string DigestOf(string path) => new FileInfo(path) switch
    {
        { LinkTarget: { } target } => $"link {target}",
        { Exists: true } => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
        _ => "",
    };
}

/// <inheritdoc/>
internal sealed record NewDirectory(string Path) : Change(Path)
{
    public override string Digest => "";

    public override bool IsDone(NodePaths node) => Directory.Exists(node[Path]);

    public override void Make(NodePaths node) => Directory.CreateDirectory(node[Path]);

    public override IEnumerable<string> Describe(NodePaths node) => [$"directory {Path}"];
}

/// <inheritdoc/>
internal sealed record NewLink(string Path, string Target) : Change(Path)
{
    public override string Digest => $"link {Target}";

    public override bool IsDone(NodePaths node) => new FileInfo(node[Path]).LinkTarget == Target;

    public override void Make(NodePaths node)
    {
        File.Delete(node[Path]);
        File.CreateSymbolicLink(node[Path], Target);
    }

    public override IEnumerable<string> Describe(NodePaths node) => [$"link      {Path} → {Target}"];
}

/// <summary>A file with this content. One that is there keeps its owner, mode and labels.</summary>
/// <param name="Path">On the node.</param>
/// <param name="Content">All of it.</param>
/// <param name="Mode">Of one that was not there.</param>
/// <param name="Shown">Whether a person is to see the lines of it.</param>
internal sealed record NewFile(string Path, byte[] Content, UnixFileMode Mode = NewFile.Ordinary, bool Shown = false) : Change(Path)
{
    /// <summary>0644.</summary>
    public const UnixFileMode Ordinary = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0755.</summary>
    public const UnixFileMode Executable = Ordinary | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public override string Digest => Convert.ToHexStringLower(SHA256.HashData(Content));

    public static NewFile OfText(string path, string text, bool shown = false) => new(path, Encoding.UTF8.GetBytes(text), Shown: shown);

    public override bool IsDone(NodePaths node) => DigestOf(node[Path]) == Digest;

    /// <summary>Whole or not at all: a program may run from it, or read it meanwhile.</summary>
    public override void Make(NodePaths node)
    {
        string path = node[Path];
        string draft = path + ".criguard-new";
        try
        {
            if (File.Exists(path))
                Copy.Archive(path, draft);
            else
                using (new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Mode }))
                    File.SetUnixFileMode(draft, Mode);
            using (var file = new FileStream(draft, FileMode.Truncate, FileAccess.Write))
            {
                file.Write(Content);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public override IEnumerable<string> Describe(NodePaths node)
    {
        bool exists = File.Exists(node[Path]);
        yield return exists ? $"change    {Path}" : $"file      {Path}";
        if (!Shown)
            yield break;
        foreach (string line in Difference.Lines(exists ? File.ReadAllText(node[Path]) : "", Encoding.UTF8.GetString(Content)))
            yield return $"            {line}";
    }
}
