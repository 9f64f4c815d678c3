using CriGuard.Commands;

namespace CriGuard.Tests.Commands;

public sealed class StepUpCommandTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly ManualTime _time = new();

    public StepUpCommandTests() => _folder.Write(
        "p.yaml", "apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata: { name: p }\nhandlers: [{ name: runsc, level: gvisor }]\nrules: []\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_step_up_is_added_listed_and_cleared()
    {
        var added = await Run("team-a/web", "--to", "gvisor", "--reason", "odd calls", "--for", "24h");
        var listed = await Run("list");
        _time.Advance(TimeSpan.FromDays(2));
        var expired = await Run("list");
        var cleared = await Run("clear", "team-a/web");
        var again = await Run("clear", "team-a/web");

        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        Assert.Contains("policy revision ", added.Output, StringComparison.Ordinal);
        Assert.Equal("team-a/web  gvisor  until 2026-11-23T01:20Z  odd calls\n", listed.Output);
        Assert.Equal("team-a/web  gvisor  expired 2026-11-23T01:20Z  odd calls\n", expired.Output);
        Assert.Equal((0, ""), (cleared.ExitCode, cleared.Error));
        Assert.Equal((1, "criguard: `team-a/web` has no step-up: `criguard step-up list` shows those that are there\n"), (again.ExitCode, again.Error));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("kata", "no handler of `handlers` gives `kata`")]
    public async Task What_the_policy_cannot_hold_is_said_and_not_written(string level, string error)
    {
        var run = await Run("team-a", "--to", level, "--reason", "x");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_policy_that_is_a_file_cannot_take_a_step_up()
    {
        var run = await CommandRun.Of(StepUpCommand.Create(_time), "team-a", "--to", "gvisor", "--reason", "x", "--policy", _folder.File("p.yaml"));
        Assert.Equal((1, $"criguard: policy `{_folder.File("p.yaml")}` is no directory: put its file into one, and point the daemon there\n"), (run.ExitCode, run.Error));
    }

    private Task<CommandRun> Run(params string[] arguments) => CommandRun.Of(StepUpCommand.Create(_time), [.. arguments, "--policy", _folder.Path]);
}
