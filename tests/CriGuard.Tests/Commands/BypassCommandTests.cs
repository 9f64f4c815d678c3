using CriGuard.Commands;
using CriGuard.Store.BreakGlass;
using CriGuard.Tests.Daemon;

namespace CriGuard.Tests.Commands;

public sealed class BypassCommandTests : IDisposable
{
    private readonly TempDirectory _state = new();

    [Fact]
    public async Task It_is_begun_shown_and_ended_with_the_daemons_word_for_it()
    {
        await using var daemon = await RunningDaemon.StartAsync();

        var begun = await Run("--state-dir", daemon.StateDirectory, "--for", "30m", "--reason", "all pods refused");
        var shown = await Run("--state-dir", daemon.StateDirectory);
        var ended = await Run("--state-dir", daemon.StateDirectory, "--end");
        var after = await Run("--state-dir", daemon.StateDirectory);

        Assert.Equal([0, 0, 0, 0], [begun.ExitCode, shown.ExitCode, ended.ExitCode, after.ExitCode]);
        Assert.Contains("nothing is refused or changed", begun.Output, StringComparison.Ordinal);
        Assert.EndsWith(": all pods refused\n", shown.Output, StringComparison.Ordinal);
        Assert.Equal("the policy decides again\n", ended.Output);
        Assert.Equal("not bypassed: the policy decides\n", after.Output);
    }

    [Theory]
    [InlineData("--for", "30m")]
    [InlineData("--reason", "why")]
    [InlineData("--for", "25h", "--reason", "why")]
    [InlineData("--for", "soon", "--reason", "why")]
    [InlineData("--for", "0s", "--reason", "why")]
    [InlineData("--for", "1h", "--reason", " ")]
    [InlineData("--end", "--for", "1h", "--reason", "why")]
    public async Task What_is_half_or_too_much_opens_nothing(params string[] arguments)
    {
        var run = await Run(["--state-dir", _state.File(""), .. arguments]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.False(File.Exists(new BypassFile(_state.File("")).Path));
    }

    [Fact]
    public async Task Without_a_daemon_it_says_that_nobody_has_taken_it()
    {
        Directory.CreateDirectory(_state.File("events"));

        var run = await Run("--state-dir", _state.File(""), "--for", "30m", "--reason", "why");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is one running on", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_state_directory_it_says_so()
    {
        var run = await Run("--state-dir", _state.File("none"), "--for", "30m", "--reason", "why");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("none", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _state.Dispose();

    private static Task<CommandRun> Run(params string[] arguments) => CommandRun.Of(BypassCommand.Create(), arguments);
}
