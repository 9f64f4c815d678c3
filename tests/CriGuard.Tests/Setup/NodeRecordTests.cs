using CriGuard.Setup;

namespace CriGuard.Tests.Setup;

public sealed class NodeRecordTests : IDisposable
{
    private static readonly Endpoints Sockets = new("unix:///ours.sock", "unix:///theirs.sock");

    private readonly TempDirectory _root = new();
    private readonly List<string> _said = [];

    private NodePaths Node => new(_root.Path);

    private string Before { get; set; } = "";

    public NodeRecordTests()
    {
        Write("/etc/there.yaml", "endpoint: unix:///theirs.sock\n");
        File.SetUnixFileMode(Node["/etc/there.yaml"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(Node["/etc/link"], "/elsewhere");
        Before = Tree();
    }

    [Fact]
    public void A_run_that_was_cut_off_is_undone_by_the_next_that_reads_the_record()
    {
        var record = new NodeRecord(Node);
        Install(record, "one");

        var next = new NodeRecord(Node);
        Assert.True(next is { IsUnfinished: true, IsInstalled: false });
        Assert.True(next.RunTouches(Owner.Kubelet));
        next.UndoRun(_said.Add);
        next.Remove();

        Assert.Equal(Before, Tree());
        Assert.Empty(_said);
    }

    [Fact]
    public void An_upgrade_that_is_undone_leaves_what_was_installed_and_uninstalling_goes_back_to_the_beginning()
    {
        Install(new NodeRecord(Node), "one", close: true);
        var installed = Tree();
        Install(new NodeRecord(Node), "two");
        new NodeRecord(Node).UndoRun(_said.Add);
        Assert.Equal(installed, Tree());

        Install(new NodeRecord(Node), "two", close: true);
        var record = new NodeRecord(Node);
        Assert.True(record is { IsUnfinished: false, IsInstalled: true });
        record.UndoAll(static owner => owner is Owner.Kubelet, Sockets, _said.Add);
        Assert.Equal("endpoint: unix:///theirs.sock\n", File.ReadAllText(Node["/etc/there.yaml"]));
        Assert.True(File.Exists(Node["/etc/new/file"]));
        record.UndoAll(static _ => true, Sockets, _said.Add);
        record.Remove();

        Assert.Equal(Before, Tree());
        Assert.Empty(_said);
    }

    [Fact]
    public void What_somebody_has_changed_since_is_kept_but_for_the_endpoint()
    {
        var record = new NodeRecord(Node);
        Install(record, "one", close: true);
        File.AppendAllText(Node["/etc/there.yaml"], "more: 1\n");
        File.AppendAllText(Node["/etc/new/file"], "mine\n");

        record.UndoAll(static _ => true, Sockets, _said.Add);

        Assert.Equal("endpoint: unix:///theirs.sock\nmore: 1\n", File.ReadAllText(Node["/etc/there.yaml"]));
        Assert.Equal("one\nmine\n", File.ReadAllText(Node["/etc/new/file"]));
        Assert.Equal(
            [
                "it was changed since, so only the endpoint is put back: /etc/there.yaml",
                "it was changed since, so it is left: /etc/new/file",
            ],
            _said);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named_and_what_was_done_before_can_be_undone()
    {
        var record = new NodeRecord(Node);
        record.Make(Owner.CriGuard, NewFile.OfText("/etc/made", "x"));

        var e = Assert.Throws<SetupException>(() => record.Make(Owner.CriGuard, NewFile.OfText("/etc/there.yaml/below", "x")));

        Assert.Contains("`/etc/there.yaml/below`", e.Message, StringComparison.Ordinal);
        record.UndoRun(_said.Add);
        record.Remove();
        Assert.Equal(Before, Tree());
    }

    [Fact]
    public void A_change_that_is_there_already_is_done()
    {
        Install(new NodeRecord(Node), "one", close: true);

        Assert.All(Changes("one"), change => Assert.True(change.Change.IsDone(Node), change.Change.Path));
        Assert.False(Changes("two")[1].Change.IsDone(Node));
    }

    public void Dispose() => _root.Dispose();

    private static (Owner Owner, Change Change)[] Changes(string content) =>
    [
        (Owner.CriGuard, new NewDirectory("/etc/new")),
        (Owner.CriGuard, NewFile.OfText("/etc/new/file", content + "\n")),
        (Owner.CriGuard, new NewLink("/etc/link", "/usr/lib/" + content)),
        (Owner.CriGuard, new NewLink("/etc/second", "/usr/lib/" + content)),
        (Owner.Kubelet, NewFile.OfText("/etc/there.yaml", "endpoint: unix:///ours.sock\n")),
    ];

    private static void Install(NodeRecord record, string content, bool close = false)
    {
        foreach (var (owner, change) in Changes(content))
            record.Make(owner, change);
        if (close)
            record.Close();
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Node[path])!);
        File.WriteAllText(Node[path], text);
    }

    /// <summary>Every path below /etc with its mode and what it holds or leads to.</summary>
    private string Tree() => string.Join('\n', Directory.EnumerateFileSystemEntries(Node["/etc"], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(static path =>
        $"{path} {new FileInfo(path).UnixFileMode} {new FileInfo(path).LinkTarget ?? (Directory.Exists(path) ? "" : File.ReadAllText(path))}"));
}
