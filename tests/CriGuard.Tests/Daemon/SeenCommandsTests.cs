using CriGuard.Daemon.Judging;

namespace CriGuard.Tests.Daemon;

public sealed class SeenCommandsTests
{
    [Fact]
    public void T_E2_a_flood_of_commands_is_not_remembered_and_stays_novel()
    {
        var seen = new SeenCommands();
        for (var number = 0; number < SeenCommands.MostCommands; number++)
            Assert.True(seen.IsNovel("c1", (UInt128)number, remember: true));

        Assert.True(seen.IsNovel("c1", 9999, remember: true));
        Assert.True(seen.IsNovel("c1", 9999, remember: true));
        Assert.False(seen.IsNovel("c1", 0, remember: true));
    }

    [Fact]
    public void T_E2_the_container_that_is_known_for_longest_is_forgotten_first()
    {
        var seen = new SeenCommands();
        for (var number = 0; number <= SeenCommands.MostContainers; number++)
            seen.IsNovel($"c{number}", 1, remember: true);

        Assert.False(seen.IsNovel("c1", 1, remember: true));
        Assert.True(seen.IsNovel("c0", 1, remember: true));
    }

    [Fact]
    public void T_E2_a_command_that_was_refused_is_novel_still()
    {
        var seen = new SeenCommands();
        Assert.True(seen.IsNovel("c1", 1, remember: false));
        Assert.True(seen.IsNovel("c1", 1, remember: true));
        Assert.False(seen.IsNovel("c1", 1, remember: false));
    }
}
