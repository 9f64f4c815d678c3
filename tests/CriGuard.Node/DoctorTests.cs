using System.Text.Json;

namespace CriGuard.Node;

/// <summary>`criguard doctor` on a whole node: what is wrong there is planted by hand, as people and attackers do it.</summary>
[Collection(MachineCollection.Name)]
public sealed class DoctorTests(Machine machine)
{
    private const string Examine = "/usr/local/bin/criguard doctor -o json 2> /dev/null || true";

    /// <summary>What this machine is by itself, and stays.</summary>
    private static readonly string[] Standing = ["clock", "handlers", "modules"];

    [Fact]
    public async Task Each_fault_that_is_planted_on_a_node_is_named_and_gone_when_it_is_mended()
    {
        await machine.RunLongAsync("until /usr/local/bin/criguard status > /dev/null 2>&1; do sleep 1; done");
        Assert.Equal(Standing, Named(await machine.RunLongAsync(Examine)).Keys);

        var planted = Named(await machine.RunLongAsync($$"""
            cd /run
            echo 'rules: 1' > /etc/criguard/policy.d/wrong.yaml
            criguard=/usr/local/bin/criguard; $criguard bypass --for 10m --reason test > /dev/null
            chmod o+w /run/criguard/criguard.sock /run/containerd/containerd.sock
            chmod 755 /var/lib/criguard
            log=$(ls /var/lib/criguard/events/*.jsonl | head -n 1); dd if=$log of=/run/octet bs=1 skip=30 count=1 2> /dev/null; printf '\1' | dd of=$log bs=1 seek=30 conv=notrunc 2> /dev/null
            cp /var/lib/kubelet/config.yaml /run/kubelet.yaml; sed -i '/^containerRuntimeEndpoint/d; /^seccompDefault/d' /var/lib/kubelet/config.yaml
            perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un("/run/containerd/containerd.sock")) or die; sleep 1000' & echo $! > /run/around
            mkdir -p /opt/nri/plugins; touch /opt/nri/plugins/10-unknown
            printf criguard-privileged > /sys/kernel/security/apparmor/.remove
            until [ "$($criguard status -o json 2> /dev/null | grep -c bypassedUntil)" = 1 ]; do sleep 1; done
            kill -STOP $(systemctl show --property MainPID --value criguard)
            until [ $(( $(date +%s) - $(stat --format %Y /var/lib/criguard/status.json) )) -gt 16 ]; do sleep 1; done
            {{Examine}}
            kill -CONT $(systemctl show --property MainPID --value criguard)
            """));
        var mended = Named(await machine.RunLongAsync($$"""
            cd /run
            rm -r /etc/criguard/policy.d/wrong.yaml /opt/nri
            /usr/local/bin/criguard bypass --end > /dev/null
            chmod o-w /run/criguard/criguard.sock /run/containerd/containerd.sock
            chmod 700 /var/lib/criguard
            dd if=/run/octet of=$(ls /var/lib/criguard/events/*.jsonl | head -n 1) bs=1 seek=30 conv=notrunc 2> /dev/null
            cp /run/kubelet.yaml /var/lib/kubelet/config.yaml
            kill $(cat /run/around)
            systemctl restart criguard
            rm /run/octet /run/kubelet.yaml /run/around
            until /usr/local/bin/criguard status > /dev/null 2>&1; do sleep 1; done
            {{Examine}}
            """));

        string[] expected =
        [
            "apparmor", "bypass", "clock", "daemon", "image-endpoint", "kubelet-endpoint", "log-proof", "modules", "nri", "policy", "runtime-socket", "seccomp-default", "socket", "state",
        ];
        Assert.Equal(expected, planted.Keys);
        Assert.Contains("perl", planted.Around, StringComparison.Ordinal);
        Assert.Equal(Standing, mended.Keys);
        Assert.DoesNotContain("perl", mended.Around, StringComparison.Ordinal);
        machine.Comparison.Remark($"the doctor names {expected.Length + 1} faults of a node at once");
    }

    /// <summary>Checks that did not come out well, by name; who is at the runtime's socket apart, where the tests themselves are too.</summary>
    private static (IEnumerable<string> Keys, string Around) Named(string said)
    {
        var checks = JsonElement.Parse(said).EnumerateArray()
            .Where(static c => c.GetProperty("outcome").GetString() != "good").ToDictionary(static c => c.GetProperty("name").GetString()!, static c => c.GetProperty("seen").GetString()!);
        return (checks.Keys.Where(static name => name != "direct-clients").Order(StringComparer.Ordinal), checks.GetValueOrDefault("direct-clients", ""));
    }
}
