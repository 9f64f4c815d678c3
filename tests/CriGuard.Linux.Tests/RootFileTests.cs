using System.Text;

namespace CriGuard.Linux.Tests;

/// <summary>Which files are read below a trusted directory; runs as root, as the daemon does.</summary>
public sealed class RootFileTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void A_file_that_only_root_can_write_is_read()
    {
        using var directory = new TemporaryDirectory();
        Write(directory, "p/web.json", "{}");

        Assert.Equal("{}", Encoding.UTF8.GetString(RootFile.Read(directory.Path, "/p/web.json", 16, out string problem)!));
        Assert.Empty(problem);
    }

    [Theory]
    [InlineData("p/../p/web.json", "it has `.` or `..` in its path")]
    [InlineData("", "it has `.` or `..` in its path")]
    [InlineData("p/none.json", "it cannot be opened: no such file or directory")]
    [InlineData("p", "it is no ordinary file")]
    [InlineData("link/web.json", "a part of its path is a link, or no directory")]
    [InlineData("p/link.json", "a part of its path is a link, or no directory")]
    [InlineData("p/others.json", "others than root may write it")]
    [InlineData("p/theirs.json", "it belongs to user 1000 and not to root")]
    [InlineData("open/web.json", "a directory of its path is not to be trusted: others than root may write it")]
    [InlineData("p/large.json", "it is larger than 16 bytes")]
    public void T_S3_what_others_may_have_written_or_led_elsewhere_is_not_read(string below, string problem)
    {
        using var directory = new TemporaryDirectory();
        Write(directory, "p/web.json", "{}");
        Write(directory, "p/others.json", "{}", OwnerOnly | UnixFileMode.GroupWrite);
        Write(directory, "p/large.json", new string(' ', 17));
        File.CreateSymbolicLink(Path.Combine(directory.Path, "p", "link.json"), "web.json");
        Directory.CreateSymbolicLink(Path.Combine(directory.Path, "link"), "p");
        Write(directory, "open/web.json", "{}");
        File.SetUnixFileMode(Path.Combine(directory.Path, "open"), (UnixFileMode)0b111_111_111);
        Write(directory, "p/theirs.json", "{}");
        System.Diagnostics.Process.Start("chown", ["1000", Path.Combine(directory.Path, "p", "theirs.json")]).WaitForExit();

        Assert.Null(RootFile.Read(directory.Path, below, 16, out string said));
        Assert.Equal(problem, said);
    }

    [Fact]
    public void A_pipe_in_the_place_of_a_file_does_not_hold_the_reader()
    {
        using var directory = new TemporaryDirectory();
        System.Diagnostics.Process.Start("mkfifo", [Path.Combine(directory.Path, "pipe.json")]).WaitForExit();

        Assert.Null(RootFile.Read(directory.Path, "pipe.json", 16, out string problem));
        Assert.Equal("it is no ordinary file", problem);
    }

    private static void Write(TemporaryDirectory directory, string name, string text, UnixFileMode mode = OwnerOnly)
    {
        string path = Path.Combine(directory.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
    }
}
