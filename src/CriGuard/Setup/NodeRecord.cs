using System.Text.Json;
using System.Text.Json.Serialization;

namespace CriGuard.Setup;

// {"of":"Crictl","path":"/etc/crictl.yaml","was":"file","copy":"3-52…","wrote":"9f86d0…"}

/// <summary>Whose file it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Owner>))]
internal enum Owner
{
    /// <summary>CriGuard's own.</summary>
    CriGuard,

    /// <summary>Of crictl(1).</summary>
    Crictl,

    /// <summary>Of the kubelet or kubeadm.</summary>
    Kubelet,
}

/// <summary>What lay at a path before it was changed, and what was put there.</summary>
/// <param name="Of">Whose it is.</param>
/// <param name="Path">On the node.</param>
/// <param name="Was">`nothing`, `directory`, or `file` for a file or a link, of which there is a copy.</param>
/// <param name="Copy">Name of the copy; null where there was nothing to copy.</param>
/// <param name="Wrote">Digest of what was put there: <see cref="Change.Digest"/>.</param>
internal sealed record Recorded(Owner Of, string Path, string Was, string? Copy, string Wrote);

/// <summary>The names in the file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Recorded))]
internal sealed partial class RecordedJson : JsonSerializerContext;

/// <summary>
/// Everything that was done to the node, with copies of what was there before, so that it can be undone: a line for each change, on disk before the
/// change is made. A line `done` closes a run; what stands behind the last of them was begun and not finished.
/// </summary>
internal sealed class NodeRecord
{
    public const string DirectoryThere = "directory";
    private const string Nothing = "nothing";
    private const string Done = "done";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly NodePaths _node;
    private readonly string _file;
    private readonly List<Recorded?> _lines = [];

    /// <exception cref="SetupException">What is there cannot be read.</exception>
    public NodeRecord(NodePaths node)
    {
        _node = node;
        _file = Path.Combine(node[NodePaths.Record], "changes");
        foreach (string line in node.Read($"{NodePaths.Record}/changes")?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [])
            _lines.Add(line == Done ? null : Parse(line));
    }

    /// <summary>True where a run came to its end: CriGuard is installed.</summary>
    public bool IsInstalled => _lines.Contains(null);

    /// <summary>True where a run did not come to its end.</summary>
    public bool IsUnfinished => _lines is [.., not null];

    /// <summary>True where files of this owner are changed.</summary>
    public bool Touches(Owner owner) => _lines.Exists(line => line?.Of == owner);

    /// <summary>True where the run that is not closed has changed files of this owner.</summary>
    public bool RunTouches(Owner owner) => _lines.Skip(_lines.LastIndexOf(null) + 1).Any(line => line?.Of == owner);

    /// <summary>True where nothing lay there before.</summary>
    public bool Made(string path) => _lines.Find(line => line?.Path == path)?.Was == Nothing;

    /// <summary>Makes a change that can be undone from here on, whatever happens.</summary>
    /// <exception cref="SetupException">It cannot be made.</exception>
    public void Make(Owner owner, Change change)
    {
        try
        {
            Note(owner, change);
            change.Make(_node);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot write `{change.Path}`: {e.Message}", e);
        }
    }

    /// <summary>Closes the run. Of each path the first copy is kept: what uninstalling goes back to.</summary>
    public void Close()
    {
        var kept = new List<Recorded>();
        foreach (var line in _lines.OfType<Recorded>())
        {
            int first = kept.FindIndex(k => k.Path == line.Path);
            if (first < 0)
                kept.Add(line);
            else
                kept[first] = kept[first] with { Wrote = line.Wrote };
        }

        Rewrite([.. kept, null]);
    }

    /// <summary>Undoes what was done since the last run was closed.</summary>
    public void UndoRun(Action<string> say) => Undo(_lines.LastIndexOf(null) + 1, static _ => true, kept: null, say);

    /// <summary>Undoes what was done to files of these owners, ever. What somebody changed since is not simply put back.</summary>
    public void UndoAll(Func<Owner, bool> owners, Endpoints kept, Action<string> say) => Undo(0, owners, kept, say);

    /// <summary>Forgets everything, copies too.</summary>
    public void Remove()
    {
        _lines.Clear();
        if (Directory.Exists(_node[NodePaths.Record]))
            Directory.Delete(_node[NodePaths.Record], recursive: true);
    }

    private void Undo(int from, Func<Owner, bool> owners, Endpoints? kept, Action<string> say)
    {
        var left = _lines.ToList();
        for (int i = left.Count - 1; i >= from; i--)
        {
            if (left[i] is not { } line || !owners(line.Of))
                continue;
            try
            {
                new Reversal(_node, line, line.Copy is { } copy ? CopyOf(copy) : null).Make(kept, say);
                left.RemoveAt(i);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                say($"cannot put `{line.Path}` back: {e.Message}");
            }
        }

        Rewrite(left);
    }

    private void Note(Owner owner, Change change)
    {
        string path = _node[change.Path];
        bool isThere = Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
        string? copy = null;
        Directory.CreateDirectory(_node[NodePaths.Record], OwnerOnly);
        if (isThere && !Directory.Exists(path))
        {
            copy = $"{Directory.GetFiles(_node[NodePaths.Record]).Length}-{Guid.NewGuid():n}";
            Setup.Copy.Archive(path, CopyOf(copy));
        }

        var line = new Recorded(owner, change.Path, copy is not null ? "file" : isThere ? DirectoryThere : Nothing, copy, change.Digest);
        Rewrite([.. _lines, line]);
    }

    private string CopyOf(string name) => Path.Combine(_node[NodePaths.Record], name);

    /// <summary>Whole or not at all, and copies that no line names go.</summary>
    private void Rewrite(List<Recorded?> lines)
    {
        string draft = _file + ".new";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            foreach (var line in lines)
                file.Write(System.Text.Encoding.UTF8.GetBytes((line is null ? Done : JsonSerializer.Serialize(line, RecordedJson.Default.Recorded)) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, _file, overwrite: true);
        _lines.Clear();
        _lines.AddRange(lines);
        var named = lines.Select(static line => line?.Copy).ToHashSet();
        foreach (string copy in Directory.GetFiles(_node[NodePaths.Record]).Where(copy => copy != _file && !named.Contains(Path.GetFileName(copy))))
            File.Delete(copy);
    }

    private Recorded Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RecordedJson.Default.Recorded)!;
        }
        catch (JsonException e)
        {
            throw new SetupException($"`{_file}` cannot be understood: move it away, and put back by hand what this node's `containerRuntimeEndpoint` was", e);
        }
    }
}
