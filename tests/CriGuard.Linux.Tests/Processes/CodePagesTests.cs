using CriGuard.Linux.Processes;

namespace CriGuard.Linux.Tests.Processes;

public sealed class CodePagesTests
{
    [Theory]
    [InlineData("7f3c5a000000-7f3c5a003000 r-xp 00a1f000 fe:00 1053432   /usr/bin/criguard", true)]
    [InlineData("7f3c5a000000-7f3c5a003000 r--s 00a1f000 fe:00 1053432   /usr/bin/criguard", true)]
    [InlineData("7f3c5a000000-7f3c5a003000 r--p 00a1f000 fe:00 1053432   /usr/bin/criguard", false)] // relocated, then protected
    [InlineData("7f3c5a000000-7f3c5a003000 rw-p 00a1f000 fe:00 1053432   /usr/bin/criguard", false)]
    [InlineData("7f3c5a000000-7f3c5a003000 rwxp 00000000 fe:00 1053432   /usr/bin/criguard", false)]
    [InlineData("7f3c5a000000-7f3c5a003000 r-xs 00000000 00:01 2         /memfd:doublemapper (deleted)", false)]
    [InlineData("7f3c5a000000-7f3c5a003000 r-xp 00000000 00:00 0 ", false)]
    [InlineData("7f3c5a000000-7f3c5a003000 r-xp 00000000 00:00 0         [vdso]", false)]
    [InlineData("7f3c5a003000-7f3c5a000000 r-xp 00a1f000 fe:00 1053432   /usr/bin/criguard", false)]
    [InlineData("r-xp /", false)]
    [InlineData("", false)]
    public void Only_clean_mappings_of_files_are_code(string line, bool isCode)
    {
        Assert.Equal(isCode, CodePages.TryParse(line, out nint start, out nint length));
        Assert.Equal(isCode ? 0x7f3c5a000000 : 0, start);
        Assert.Equal(isCode ? 0x3000 : 0, length);
    }

    [Fact]
    public void Pages_that_were_given_back_are_not_resident_and_the_code_still_runs()
    {
        long before = Resident();

        long looked = CodePages.Release();

        Assert.True(looked > 1024 * 1024, "the runtime itself has megabytes of code");
        Assert.True(Resident() < before, "code that is not in use is resident no more");
        Assert.Equal("still here", string.Concat("still", " ", "here"));
    }

    /// <summary>Kilobytes of pages mapped from files, `RssFile` of proc_pid_status(5).</summary>
    private static long Resident() => long.Parse(
        File.ReadLines($"/proc/{Environment.ProcessId}/status").First(static line => line.StartsWith("RssFile:", StringComparison.Ordinal)).Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);
}
