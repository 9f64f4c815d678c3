using CriGuard.Commands;
using CriGuard.Daemon;
using CriGuard.Store.Policies;
using CriGuard.Tests.Commands;

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
    public async Task The_example_of_an_explanation_is_what_is_printed()
    {
        using var directory = new TempDirectory();
        string policy = directory.Write("policy.yaml", Blocks("## The policy")[0]);
        var blocks = Blocks("## What a policy makes of a manifest");
        string manifest = directory.Write("shop.yaml", blocks[0]);

        var run = await CommandRun.Of(PolicyExplainCommand.Create(static () => Stream.Null, TimeProvider.System), "-f", manifest, "--policy", policy);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            WithoutRevision(blocks[1]),
            WithoutRevision($"$ criguard policy explain -f shop.yaml --policy policy.yaml\n{run.Output.Replace(directory.Path + "/", "", StringComparison.Ordinal)}"));

        // A digest of all that a policy can say: it is another one when there is more to say.
        static string WithoutRevision(string text) => text[..text.LastIndexOf("revision", StringComparison.Ordinal)];
    }

    [Fact]
    public void Every_command_of_make_that_it_names_is_in_the_makefile()
    {
        var targets = File.ReadLines(Checkout.Path("Makefile")).Where(static line => line.Contains(": ", StringComparison.Ordinal)).Select(static line => line.Split(':')[0]).ToList();
        var named = Readme.SelectMany(static line => line.Split('`', '\n')).Where(static word => word.StartsWith("make ", StringComparison.Ordinal)).Select(static word => word.Split(' ')[1]).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, targets));
    }

    /// <summary>The texts between fences.</summary>
    private static List<string> Blocks(string heading) =>
        [.. string.Join('\n', Section(heading)).Split("\n```").Where(static (_, index) => index % 2 == 1).Select(static block => block[(block.IndexOf('\n', StringComparison.Ordinal) + 1)..])];

    private static IEnumerable<string> Section(string heading) =>
        Readme.SkipWhile(line => !line.StartsWith(heading, StringComparison.Ordinal)).Skip(1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal));

    /// <summary>The texts between backticks.</summary>
    private static IEnumerable<string> Quoted(string line) => line.Split('`').Where(static (_, index) => index % 2 == 1);
}
