namespace CriGuard.Tests.Repository;

/// <summary>The rules of style that no analyzer knows.</summary>
public sealed class StyleTests
{
    private static readonly string[] Folders = ["src", "tests", "benchmarks", "demo"];

    [Fact]
    public void No_file_is_longer_than_500_lines_and_nine_of_ten_are_under_250()
    {
        var lengths = Files().Select(static file => (file, lines: File.ReadLines(file).Count())).ToList();

        Assert.Empty(lengths.Where(static f => f.lines > 500).Select(static f => $"{f.file}: {f.lines} lines"));
        Assert.True(lengths.Count(static f => f.lines >= 250) * 10 <= lengths.Count, "more than one file in ten has 250 lines or more");
    }

    [Fact]
    public void No_test_is_switched_off()
    {
        string skip = "Skip" + " =";

        Assert.DoesNotContain(Files().SelectMany(File.ReadLines), line => line.Contains(skip, StringComparison.Ordinal) && line.Contains('[', StringComparison.Ordinal));
    }

    [Fact]
    public void No_type_is_named_after_what_says_nothing()
    {
        string[] empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Processor", "Info", "Data"];
        var names = Checkout.Sources("src").Select(static file => Path.GetFileNameWithoutExtension(file));

        Assert.DoesNotContain(names, name => empty.Any(word => name.EndsWith(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_ban_has_a_reason()
    {
        string[] lists = [Checkout.Path("BannedSymbols.txt"), Checkout.Path("src", "CriGuard.Core", "BannedSymbols.txt")];

        Assert.All(lists.SelectMany(File.ReadLines), static line => Assert.Matches("^[TMNPF]:[^;]+;.{10,}$", line));
    }

    [Theory]
    [InlineData("N:System.Net.Sockets")]
    [InlineData("T:System.IO.File")]
    [InlineData("T:System.TimeProvider")]
    [InlineData("T:System.Threading.Tasks.Task")]
    public void Core_is_kept_from_the_world(string symbol)
    {
        Assert.Contains(File.ReadLines(Checkout.Path("src", "CriGuard.Core", "BannedSymbols.txt")), line => line.StartsWith(symbol + ";", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Files() => Folders.SelectMany(Checkout.Sources);
}
