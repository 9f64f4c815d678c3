using CriGuard.TestBed.Pods;

namespace CriGuard.Node;

/// <summary>A privileged container, which no seccomp profile reaches: what a named AppArmor profile takes from it, and what it leaves.</summary>
[Collection(MachineCollection.Name)]
public sealed class PrivilegedTests(Machine machine)
{
    private static readonly Attempt[] Shut =
    [
        Attempt.Write("/proc/sys/kernel/core_pattern", "core"),
        Attempt.Write("/proc/sys/kernel/modprobe", "/sbin/modprobe"),
        Attempt.Read("read /dev/mem", "/dev/mem"),
        Attempt.Read("read /proc/kcore", "/proc/kcore"),
        Attempt.Socket("socket AF_ALG", 38, 5, 0),
        Attempt.Socket("socket AF_KCM", 41, 5, 0),
    ];

    private static readonly Attempt[] Open =
    [
        Attempt.Mount("tmpfs", "/tmp/mounted"),
        Attempt.Write("/proc/sys/net/ipv4/ip_forward", "1"),
        Attempt.Socket("socket AF_PACKET", 17, 3, 0),
    ];

    [Fact]
    public async Task T_A3_T_Q10_a_privileged_container_loads_no_module_and_reaches_no_kernel_and_does_its_work()
    {
        var path = "/lib/modules/" + await machine.RunAsync("uname -r") + "/kernel/drivers/net/dummy.ko";
        Attempt[] attempts = [Attempt.Load(path), .. Shut, .. Open];
        var before = await OutcomesAsync(machine.Straight, attempts);
        Assert.All(before, static outcome => Assert.Equal(Attempt.Done, outcome));
        Assert.StartsWith("dummy ", await machine.RunAsync("grep '^dummy ' /proc/modules"), StringComparison.Ordinal);
        await machine.RunAsync("rmmod dummy");

        var after = await OutcomesAsync(machine.Gate, attempts);

        for (var i = 0; i < attempts.Length; i++)
        {
            machine.Comparison.Add($"privileged: {attempts[i].Name}", before[i], after[i]);
            Assert.True(Open.Contains(attempts[i]) ? after[i] == Attempt.Done : after[i] is "EPERM" or "EACCES", $"{attempts[i].Name}: {after[i]}");
        }

        Assert.Equal("", await machine.RunAsync("grep '^dummy ' /proc/modules || true"));
    }

    private async Task<IReadOnlyList<string>> OutcomesAsync(TestBed.Kubelet kubelet, Attempt[] attempts)
    {
        var spec = new ContainerSpec { Privileged = true, HostPaths = new Dictionary<string, string> { ["/lib/modules"] = "/lib/modules" } };
        var pod = await kubelet.RunAsync(new PodSpec("agent") { Namespace = "agents", Containers = [spec] });
        return await Attempt.InAsync(machine.Straight, pod.Main, attempts);
    }
}
