namespace CriGuard.Node;

/// <summary>`criguard install` and `criguard uninstall` on a node with systemd and what stands in for a kubelet.</summary>
[Collection(MachineCollection.Name)]
public sealed class InstallTests(Machine machine)
{
    /// <summary>Every path that they could touch, with its kind, mode, owner, and what it holds or leads to; what the runtime and systemd write by themselves left out.</summary>
    private const string Tree = """
        tree() {
            find /etc /opt /root /run/criguard* /usr/bin /usr/lib/systemd /usr/local /var/lib /var/cache -xdev \( -path /var/lib/containerd -o -path /var/lib/systemd \) -prune \
                -o ! -type f -printf '%p %y %m %U:%G %l\n' -o -printf '%p %y %m %U:%G %s\n' 2> /dev/null | sort
            find /etc /root /usr/local /var/lib/kubelet /var/lib/criguard -xdev -type f -exec sha256sum {} + 2> /dev/null | sort
        }

        """;

    [Fact]
    public async Task An_installed_node_has_its_kubelet_behind_the_gate_again_after_a_reboot()
    {
        await machine.RebootAsync();

        await machine.RunLongAsync("until /usr/local/bin/criguard status; do sleep 1; done");
        var pod = await machine.Gate.RunAsync(new TestBed.Pods.PodSpec("after"));
        Assert.Equal("criguard-default (enforce)", await machine.RunAsync($"cat /proc/{await machine.PidAsync(pod.Main)}/attr/current"));
    }

    [Fact]
    public async Task What_is_not_installed_or_is_uninstalled_leaves_the_node_as_it_was()
    {
        await machine.RunLongAsync("/usr/local/bin/criguard uninstall --yes --purge");
        await machine.RunAsync(Tree + "tree > /run/before; cp /var/lib/kubelet/config.yaml /run/config.yaml");

        await FailsAsync("kill -STOP $(pidof containerd)", "--yes", "nothing answers on unix:///run/containerd/containerd.sock", "kill -CONT $(pidof containerd)");
        await FailsAsync("mkdir /run/criguard; socat UNIX-LISTEN:/run/criguard/criguard.sock,fork /dev/null & echo $! > /run/taken; until [ -S /run/criguard/criguard.sock ]; do sleep 0.1; done",
            "--yes", "another process listens on unix:///run/criguard/criguard.sock", "kill $(cat /run/taken); rm -r /run/criguard");
        await FailsAsync("mount --bind /etc/systemd/system /etc/systemd/system; mount -o remount,bind,ro /etc/systemd/system", "--yes", "cannot write `/etc/systemd/system", "umount /etc/systemd/system");
        await FailsAsync("mkdir -p /etc/criguard/policy.d; echo 'rules: 1' > /etc/criguard/policy.d/a.yaml", "--yes", "the policy has errors", "rm -r /etc/criguard");
        await FailsAsync(
            """
            mkdir /run/systemd/system/kubelet.service.d
            echo '[Service]
            ExecStart=
            ExecStart=/bin/sh -c "! grep -q criguard /var/lib/kubelet/config.yaml || exec sleep 1000; exec /job/kubelet --config /var/lib/kubelet/config.yaml"' > /run/systemd/system/kubelet.service.d/no.conf
            systemctl daemon-reload
            """,
            "--yes --wait 40s", "the kubelet is not well", "rm -r /run/systemd/system/kubelet.service.d; systemctl daemon-reload");
        await FailsAsync("true", "< /dev/null", "give `--yes`", "true");

        // Killed in the middle: whoever comes next cleans up.
        await machine.RunLongAsync("""
            /job/criguard install --yes > /dev/null 2>&1 & installer=$!
            until [ -e /etc/systemd/system/criguard.service ]; do kill -0 $installer; done
            kill -KILL $installer
            /job/criguard uninstall --yes
            """);
        await SameAsync();

        var plan = await machine.RunLongAsync("/job/criguard install --dry-run --modprobe");
        Assert.Contains("- containerRuntimeEndpoint: \"unix:///run/containerd/containerd.sock\"   # containerd", plan, StringComparison.Ordinal);
        Assert.Contains("+ containerRuntimeEndpoint: unix:///run/criguard/criguard.sock   # containerd", plan, StringComparison.Ordinal);
        Assert.Contains("+ install sctp /bin/false", plan, StringComparison.Ordinal);
        await SameAsync();

        await machine.RunLongAsync("/job/criguard install --yes --modprobe --wait 5m");
        Assert.Contains("nothing to do", await machine.RunLongAsync("/usr/local/bin/criguard install --yes --modprobe"), StringComparison.Ordinal);
        await machine.RunLongAsync("/job/kubelet --config /var/lib/kubelet/config.yaml --cycles 1");
        Assert.Contains("load-", await machine.RunAsync("/usr/local/bin/criguard events --namespace load"), StringComparison.Ordinal);
        await machine.RunLongAsync("/usr/local/bin/criguard uninstall --yes --purge");
        await SameAsync();

        await machine.InstallAsync();
    }

    /// <summary>Makes something wrong, sees that installing fails over it and leaves nothing, and makes it right again.</summary>
    private async Task FailsAsync(string wrong, string flags, string expected, string right)
    {
        var said = await machine.RunLongAsync($"{Tree}{wrong}\ntree > /run/wrong\n/job/criguard install {flags} > /run/said 2>&1 && exit 1\ntree | diff /run/wrong -\n{right}\ncat /run/said");
        Assert.Contains(expected, said, StringComparison.Ordinal);
        machine.Comparison.Remark($"not installed, and the tree is as before: {said.Split('\n').First(line => line.Contains(expected, StringComparison.Ordinal))}");
    }

    /// <summary>The tree is the one before, and the kubelet that runs is well on it.</summary>
    private Task<string> SameAsync() => machine.RunLongAsync($"""
        {Tree}
        tree | diff /run/before -
        cmp /run/config.yaml /var/lib/kubelet/config.yaml
        systemctl is-active --quiet kubelet
        ! systemctl is-active --quiet criguard.socket
        """);
}
