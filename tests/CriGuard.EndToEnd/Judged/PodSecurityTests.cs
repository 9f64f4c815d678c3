using CriGuard.TestBed;
using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;

namespace CriGuard.EndToEnd.Judged;

/// <summary>The restricted level of the Pod Security Standards on real containerd: what is refused, and what the kernel says of the rest.</summary>
public sealed class PodSecurityTests(Bed bed) : BehindPolicy(bed)
{
    private static readonly ContainerSpec Hardened = new() { User = 1000, NoNewPrivileges = true, DropCapabilities = ["ALL"] };

    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: restricted
        rules:
          - name: tenants
            mode: enforce
            podSecurity: restricted
            readOnlyRootFilesystem: require
            groups: { deny: [6] }
        """;

    [Fact]
    public async Task A_restricted_pod_is_nobody_holds_nothing_and_writes_nothing()
    {
        var asked = Hardened with { Seccomp = SecurityProfile.Types.ProfileType.Unconfined };
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Containers = [asked] });

        var process = await Straight.ProcessAsync(pod.Main);
        Assert.Equal(1000u, process.UserId);
        Assert.True(process.NoNewPrivileges);
        Assert.Equal(0ul, process.Effective);
        Assert.Equal(0ul, process.Bounding);
        Assert.Equal(2, process.Seccomp);
        var mounts = await Straight.AppletAsync(pod.Main, "cat", "/proc/self/mounts");
        Assert.Matches("(?m)^\\S+ / \\S+ ro[, ]", mounts);
        Assert.Matches("(?m)^\\S+ /sys/firmware tmpfs ro,", mounts);
        Assert.Matches("(?m)^\\S+ /proc/sys proc ro,", mounts);
    }

    [Fact]
    public async Task A_pod_that_runs_as_root_is_refused_with_the_field_to_set()
    {
        var root = PodSpec.Ordinary with { Containers = [Hardened with { User = 0 }] };

        Assert.Contains("runs as root: forbidden by rule `tenants` (runAsUser); set `runAsUser`", await RefusalAsync(root), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T_G1_a_pod_that_unmasks_proc_is_refused()
    {
        var unmasked = PodSpec.Ordinary with { Containers = [Hardened with { Unmasked = true }] };

        Assert.Contains("(procMount)", await RefusalAsync(unmasked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_may_gain_privileges_or_keeps_capabilities_is_refused()
    {
        Assert.Contains(
            "(noNewPrivileges)", await RefusalAsync(PodSpec.Ordinary with { Containers = [Hardened with { NoNewPrivileges = false }] }), StringComparison.Ordinal);
        Assert.Contains(
            "does not drop all", await RefusalAsync(PodSpec.Ordinary with { Containers = [Hardened with { DropCapabilities = [] }] }), StringComparison.Ordinal);
    }
}
