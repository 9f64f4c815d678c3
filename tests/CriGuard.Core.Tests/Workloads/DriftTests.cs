using CriGuard.Core.Tests.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Workloads;

/// <summary>A running process against the spec that it was started with.</summary>
public sealed class DriftTests
{
    private static readonly EffectiveSpec Spec = Given.Spec;

    private static readonly ProcessFacts Process = new()
    {
        Pid = 7,
        Executable = "/bin/web",
        SeccompMode = 2,
        SeccompFilters = 1,
        Capabilities = 1, // CAP_CHOWN
        NoNewPrivileges = true,
    };

    [Fact]
    public void A_process_that_has_what_its_spec_gives_shows_no_drift() => Assert.Empty(Drift.Between(Spec, Process));

    [Fact]
    public void Each_thing_that_is_missing_or_too_much_is_named()
    {
        var drift = Drift.Between(Spec, Process with { SeccompMode = 0, NoNewPrivileges = false, Capabilities = 1 | (1UL << 16) });
        Assert.Equal<string>(
            [
                "seccomp mode is 0: the spec has a filter",
                "no_new_privs is not set: the spec sets it",
                "holds CAP_SYS_MODULE: the spec does not give it",
            ],
            drift);
    }

    [Theory]
    [InlineData("/usr/bin/runsc")]
    [InlineData("/usr/bin/qemu-system-x86_64")]
    public void T_S11_what_the_kernel_says_of_a_sentry_or_a_hypervisor_is_no_evidence_of_the_container(string executable)
    {
        var process = Process with { Executable = executable, SeccompMode = 0, Capabilities = ulong.MaxValue };
        Assert.True(Drift.IsIsolator(process));
        Assert.Empty(Drift.Between(Spec, process));
        Assert.False(Drift.IsIsolator(process with { Executable = "/opt/runsc-like/web" }));
    }
}
