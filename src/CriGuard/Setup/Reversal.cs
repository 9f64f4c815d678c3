namespace CriGuard.Setup;

/// <summary>The two sockets, as configurations name them: in a file that somebody changed since, only these words are put back.</summary>
internal sealed record Endpoints(string Ours, string Runtime);

/// <summary>Puts back what lay at one path.</summary>
/// <param name="node">The node.</param>
/// <param name="line">What was recorded.</param>
/// <param name="copy">The copy of what was there; null where there was none.</param>
internal sealed class Reversal(NodePaths node, Recorded line, string? copy)
{
    private string Place => node[line.Path];

    /// <param name="kept">What somebody else has changed since is kept but for the endpoint; null: nobody can have.</param>
    /// <param name="say">For people.</param>
    public void Make(Endpoints? kept, Action<string> say)
    {
        if (line.Was == NodeRecord.DirectoryThere)
            return;
        if (line.Wrote.Length == 0)
            RemoveDirectory();
        else if (kept is not null && File.Exists(Place) && Change.DigestOf(Place) != line.Wrote)
            Repoint(kept, say);
        else if (copy is null)
            File.Delete(Place);
        else
            Restore();
    }

    private void Repoint(Endpoints endpoints, Action<string> say)
    {
        string text = File.ReadAllText(Place);
        bool points = text.Contains(endpoints.Ours, StringComparison.Ordinal) && line.Of != Owner.CriGuard;
        if (points)
            NewFile.OfText(line.Path, text.Replace(endpoints.Ours, endpoints.Runtime, StringComparison.Ordinal)).Make(node);
        say($"it was changed since, so {(points ? "only the endpoint is put back" : "it is left")}: {line.Path}");
    }

    private void Restore()
    {
        string draft = Place + ".criguard-old";
        Copy.Archive(copy!, draft);
        File.Move(draft, Place, overwrite: true);
    }

    /// <summary>One that others have put something into stays.</summary>
    private void RemoveDirectory()
    {
        if (Directory.Exists(Place) && !Directory.EnumerateFileSystemEntries(Place).Any())
            Directory.Delete(Place);
    }
}
