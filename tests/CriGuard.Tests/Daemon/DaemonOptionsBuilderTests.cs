using CriGuard.Daemon;

namespace CriGuard.Tests.Daemon;

public sealed class DaemonOptionsBuilderTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Flags_win_over_the_file_and_the_file_over_defaults()
    {
        string file = _directory.Write("c.yaml", "listen: unix:///a.sock\nruntimeEndpoint: /r.sock\npolicy: /p\nnode: from-file\npodLogsDir: /srv/logs\ndrainSeconds: 5\n");

        var options = DaemonOptionsBuilder.Build(new Dictionary<string, string?> { ["node"] = "from-flag" }, file);

        Assert.Equal("/a.sock", options.Listen.Path);
        Assert.Equal("from-flag", options.Node);
        Assert.Equal("/srv/logs", options.PodLogs);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Drain);
        Assert.Equal(DaemonOptions.DefaultStateDirectory, options.StateDirectory);
        Assert.Null(options.Image);
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_its_place()
    {
        string file = _directory.Write("c.yaml", "listn: /a.sock\nruntimeEndpoint: tcp://x\ndrainSeconds: soon\nnode: a\nnode: b\npolicy: [1]\npodLogsDir: logs\nappArmor: on\n");

        string message = Faults([], file);

        Assert.Equal(
            [
                $"{file}:5: `node` is given a second time",
                $"{file}:6: `policy` takes one plain value",
                $"{file}:1: `listn` is not known: the keys are `listen`, `runtimeEndpoint`, `imageEndpoint`, `policy`, `stateDir`, `podLogsDir`, `node`, `drainSeconds`, `reconcileSeconds`, `lifeSeconds`, `logMegabytes`, `logDays`, `whenLogFails`, `appArmor`",
                "`--listen` is missing: give the flag or set `listen` in the configuration file",
                $"{file}:2: `runtimeEndpoint` `tcp://x` is not a unix socket: write `unix:///path/to.sock`",
                "`--policy` is missing: give the flag or set `policy` in the configuration file",
                $"{file}:7: `podLogsDir` `logs` is not an absolute path: write it as the kubelet's configuration has it",
                $"{file}:3: `drainSeconds` `soon` is not a number of seconds from 0 to 3600",
                $"{file}:8: `appArmor` `on` is no directory: write `shipped`, `off`, or the absolute path of a directory of profiles",
            ],
            message.Split('\n'));
    }

    [Fact]
    public void Listening_on_the_runtimes_own_socket_is_refused()
    {
        string message = Faults(new() { ["listen"] = "/r.sock", ["runtimeEndpoint"] = "unix:///r.sock", ["policy"] = "/p" }, _directory.Write("c.yaml", ""));

        Assert.Contains("CriGuard would call itself", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- a\n", "is not a mapping")]
    [InlineData("a: [\n", "is not valid YAML")]
    public void A_file_that_is_no_mapping_is_said(string text, string why)
    {
        Assert.Contains(why, Faults([], _directory.Write("c.yaml", text)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_that_is_missing_is_said()
    {
        Assert.Contains("cannot read the configuration", Faults([], _directory.File("none.yaml")), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static string Faults(Dictionary<string, string?> flags, string file) =>
        Assert.Throws<StartException>(() => DaemonOptionsBuilder.Build(flags, file)).Message;
}
