using CriGuard.Daemon;
using CriGuard.Store.Policies;

namespace CriGuard.Tests.Repository;

/// <summary>What the README says, compared with what is there.</summary>
public sealed class ReadmeTests
{
    private static readonly string[] Readme = File.ReadAllLines(Checkout.Path("README.md"));

    [Fact]
    public void Every_test_that_a_promise_names_exists()
    {
        var written = Checkout.Sources("tests").SelectMany(File.ReadLines).Where(static line => line.Contains("public ", StringComparison.Ordinal)).ToList();
        var named = Section("## Promises").SelectMany(Quoted).Where(static word => word.Contains('_', StringComparison.Ordinal) || word.EndsWith("Tests", StringComparison.Ordinal)).ToList();

        Assert.True(named.Count >= 10, "the promises name their tests");
        Assert.All(named, name => Assert.Contains(written, line => line.Contains($" {name}", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_table_of_settings_is_what_the_daemon_reads()
    {
        var keys = Section("## Run it on a node").Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).Select(static line => Quoted(line).First());

        Assert.Equal(DaemonOptionsBuilder.Keys, keys);
    }

    [Fact]
    public void The_example_of_a_policy_is_one()
    {
        using var directory = new TempDirectory();
        string example = string.Join('\n', Section("## The policy").SkipWhile(static line => line != "```yaml").Skip(1).TakeWhile(static line => line != "```"));

        var reading = PolicyReader.Read(directory.Write("policy.yaml", example));

        Assert.Empty(reading.Errors);
        Assert.Equal(2, reading.Policy!.Rules.Length);
    }

    [Fact]
    public void Every_command_of_make_that_it_names_is_in_the_makefile()
    {
        var targets = File.ReadLines(Checkout.Path("Makefile")).Where(static line => line.Contains(": ", StringComparison.Ordinal)).Select(static line => line.Split(':')[0]).ToList();
        var named = Readme.SelectMany(static line => line.Split('`', '\n')).Where(static word => word.StartsWith("make ", StringComparison.Ordinal)).Select(static word => word.Split(' ')[1]).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, targets));
    }

    private static IEnumerable<string> Section(string heading) =>
        Readme.SkipWhile(line => !line.StartsWith(heading, StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal));

    /// <summary>The texts between backticks.</summary>
    private static IEnumerable<string> Quoted(string line) => line.Split('`').Where(static (_, index) => index % 2 == 1);
}
