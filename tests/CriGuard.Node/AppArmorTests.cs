using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.Node;

/// <summary>AppArmor in force: labels, refused writes and the audit log, on a kernel that has it.</summary>
[Collection(MachineCollection.Name)]
public sealed class AppArmorTests(Machine machine)
{
    private static readonly ContainerSpec Unmasked = new() { Unmasked = true, AppArmor = ContainerSpec.Unconfined };

    [Fact]
    public async Task A_write_that_only_AppArmor_forbids_is_refused_and_in_the_audit_log()
    {
        Attempt[] write = [Attempt.Write("/proc/sys/kernel/core_pattern", "core")];
        // Its root is the node's, and writing there takes no capability.
        var pod = new PodSpec("unmasked") { Namespace = "strict", Containers = [Unmasked] };
        var unconfined = await machine.Straight.RunAsync(pod);
        var confined = await machine.Gate.RunAsync(pod with { Uid = Guid.NewGuid().ToString() });

        var (before, after) = (await Attempt.InAsync(machine.Straight, unconfined.Main, write), await Attempt.InAsync(machine.Straight, confined.Main, write));

        machine.Comparison.Add("unmasked: " + write[0].Name, before[0], after[0]);
        Assert.Equal(Attempt.Done, before[0]);
        Assert.Equal("EACCES", after[0]);
        Assert.Equal("criguard-default (enforce)", await LabelAsync(confined.Main));
        Assert.Contains("name=\"/proc/sys/kernel/core_pattern\"", await AuditAsync("criguard-default"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T_A2_a_profile_that_is_unknown_or_in_complain_mode_is_refused()
    {
        var unknown = await Assert.ThrowsAsync<CallFailedException>(() => machine.Gate.RunAsync(Asking("unheard-of")));
        await machine.RunAsync("printf 'profile loose { file, }' | apparmor_parser --replace --complain");
        // The runtime asks only that there is a profile of that name.
        await machine.Straight.RunAsync(Asking("loose"));
        var complaining = await Assert.ThrowsAsync<CallFailedException>(() => machine.Gate.RunAsync(Asking("loose")));

        Assert.Contains("`unheard-of`, which is not loaded in enforce mode", unknown.Text, StringComparison.Ordinal);
        Assert.Contains("`loose`, which is not loaded in enforce mode", complaining.Text, StringComparison.Ordinal);
        machine.Comparison.Add("pod that asks for a profile in complain mode", "runs", "refused");
    }

    private static PodSpec Asking(string profile) => new("asking") { Containers = [new() { AppArmor = profile }] };

    private Task<string> AuditAsync(string profile) => machine.RunAsync($"dmesg | grep 'apparmor=\"DENIED\"' | grep 'profile=\"{profile}\"'");

    private async Task<string> LabelAsync(string container) => await machine.RunAsync($"cat /proc/{await machine.PidAsync(container)}/attr/current");
}
