using System.Globalization;

namespace CriGuard.Node;

/// <summary>The daemon as a service of systemd: what its units let it do, and that nobody notices when it is started anew.</summary>
[Collection(MachineCollection.Name)]
public sealed class ServiceTests(Machine machine)
{
    [Fact]
    public async Task No_call_of_a_pods_life_fails_while_the_daemon_is_started_anew_again_and_again()
    {
        var before = await PidAsync();

        // Pods come and go until the restarts are over: each call is made once, and the first that fails ends it.
        var said = await machine.RunLongAsync("""
            echo 'containerRuntimeEndpoint: unix:///run/criguard/criguard.sock' > /run/load.yaml
            (while ! [ -e /run/load.over ]; do /job/kubelet --config /run/load.yaml --cycles 1 || { echo failed; break; }; done) > /run/load.said 2>&1 &
            for i in 1 2 3; do systemctl restart criguard; done
            touch /run/load.over; wait; cat /run/load.said; rm /run/load.*
            """);

        machine.Comparison.Remark($"while the daemon was started anew 3 times: {string.Join("; ", said.Split('\n'))}");
        Assert.NotEqual(before, await PidAsync());
        Assert.All(said.Split('\n'), static line => Assert.Matches("^1 pods, [0-9]+ lists$", line));
        Assert.Equal("", await machine.RunAsync("/usr/local/bin/criguard log verify > /run/verified || cat /run/verified"));
    }

    [Fact]
    public async Task A_daemon_that_is_killed_comes_back_and_its_socket_was_never_away()
    {
        var before = await PidAsync();
        var socket = await machine.RunAsync("stat --format '%i %a %U:%G' /run/criguard/criguard.sock");

        await machine.RunLongAsync($"""
            echo 'containerRuntimeEndpoint: unix:///run/criguard/criguard.sock' > /run/killed.yaml
            kill -KILL {before}
            /job/kubelet --config /run/killed.yaml --cycles 1
            """);

        Assert.NotEqual(before, await PidAsync());
        Assert.EndsWith(" 660 root:root", socket, StringComparison.Ordinal);
        Assert.Equal(socket, await machine.RunAsync("stat --format '%i %a %U:%G' /run/criguard/criguard.sock"));
    }

    [Fact]
    public async Task What_the_unit_leaves_the_daemon_is_what_it_needs_and_no_more()
    {
        var status = (await machine.RunAsync($"cat /proc/{await PidAsync()}/status")).Split('\n').Select(static line => line.Split(':', 2)).ToDictionary(static f => f[0], static f => f[1].Trim());
        var score = await machine.RunAsync("systemd-analyze --no-pager security criguard.service | sed -n 's/.*exposure level for criguard.service: \\([0-9.]*\\) .*/\\1/p'");

        // CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_MAC_ADMIN (linux/capability.h).
        Assert.Equal(1ul << 2 | 1ul << 19 | 1ul << 33, Convert.ToUInt64(status["CapEff"], 16));
        Assert.Equal(status["CapEff"], status["CapBnd"]);
        Assert.Equal(("1", "2"), (status["NoNewPrivs"], status["Seccomp"]));
        Assert.InRange(double.Parse(score, CultureInfo.InvariantCulture), 0, 1.7);
        // With these it has loaded its AppArmor profiles, and it reaches the runtime.
        Assert.Equal("criguard-default (enforce)", await machine.RunAsync("grep '^criguard-default ' /sys/kernel/security/apparmor/profiles"));
        Assert.DoesNotContain("is not in force", await machine.RunAsync("journalctl --no-pager -u criguard"), StringComparison.Ordinal);
    }

    private Task<string> PidAsync() => machine.RunAsync("systemctl show --property MainPID --value criguard");
}
