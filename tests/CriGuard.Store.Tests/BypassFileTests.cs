using CriGuard.Core.Policy;
using CriGuard.Store.BreakGlass;

namespace CriGuard.Store.Tests;

public sealed class BypassFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 1, 20, 0, TimeSpan.Zero);
    private static readonly Bypass Written = new(Now, Now.AddMinutes(30), "upgrade of `web` went wrong: \"all\" pods refused", "root");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("criguard-bypass-");
    private readonly BypassFile _file;

    public BypassFileTests() => _file = new BypassFile(_directory.FullName);

    [Fact]
    public void What_is_written_is_read_and_only_its_owner_may()
    {
        Assert.Null(_file.Read());
        _file.Write(Written with { Reason = "before" });
        _file.Write(Written);

        Assert.Equal(Written, _file.Read());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file.Path));
        Assert.Equal([_file.Path], Directory.GetFiles(_directory.FullName));
        Assert.True(_file.Remove());
        Assert.False(_file.Remove());
        Assert.Null(_file.Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"began\":1,\"until\":2,\"reason\":\"\",\"by\":\"\"}")]
    [InlineData("{\"until\":\"2026-11-22T01:50:00Z\"}")]
    [InlineData("{\"began\":\"soon\",\"until\":\"later\",\"reason\":\"\",\"by\":\"\"}")]
    public void What_is_no_bypass_opens_nothing(string content)
    {
        File.WriteAllText(_file.Path, content);
        File.SetUnixFileMode(_file.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Contains("is no bypass", Assert.Throws<InvalidDataException>(_file.Read).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void One_that_others_may_write_opens_nothing(UnixFileMode others)
    {
        _file.Write(Written);
        File.SetUnixFileMode(_file.Path, File.GetUnixFileMode(_file.Path) | others);

        Assert.Contains("may be written by others", Assert.Throws<InvalidDataException>(_file.Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_too_large_is_not_read()
    {
        _file.Write(Written);
        File.AppendAllText(_file.Path, new string(' ', 20_000));

        Assert.Contains("too large", Assert.Throws<InvalidDataException>(_file.Read).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
