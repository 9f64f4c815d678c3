using System.Collections.Immutable;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Tests.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Enforcement;

/// <summary>A running process against the spec that it was started with.</summary>
public sealed class ProcessDriftTests
{
    private const ulong Chown = 1;
    private const ulong SysModule = 1UL << 16;

    private static readonly EffectiveSpec Spec = Given.Spec with { Sets = CapabilitySets.None with { Bounding = ["CAP_CHOWN"], Effective = ["CAP_CHOWN"], Permitted = ["CAP_CHOWN"] } };

    private static readonly ProcessFacts Process = new()
    {
        Pid = 7,
        Executable = "/bin/web",
        SeccompMode = 2,
        SeccompFilters = 1,
        Capabilities = new ProcessCapabilities(Chown, Chown, Chown, 0, 0),
        NoNewPrivileges = true,
        AppArmor = "cri-containerd.apparmor.d (enforce)",
        NodeNamespaces = ["user", "cgroup"],
    };

    [Fact]
    public void A_process_that_has_what_its_spec_gives_shows_no_drift() => Assert.Empty(ProcessDrift.Between(Spec, Process));

    [Fact]
    public void Each_thing_that_is_missing_or_too_much_is_named()
    {
        var sets = new ProcessCapabilities(Chown | SysModule, Chown | SysModule, Chown, Chown, 0);
        var weak = Process with { SeccompMode = 0, NoNewPrivileges = false, Capabilities = sets, AppArmor = "unconfined", NodeNamespaces = ["network", "user"] };
        Assert.Equal<string>(
            [
                "seccomp mode 0, and its spec has a filter",
                "the AppArmor profile `unconfined`, and its spec names `cri-containerd.apparmor.d`",
                "`CAP_SYS_MODULE` (bounding, effective), beyond its spec",
                "`CAP_CHOWN` (inheritable), beyond its spec",
                "no_new_privs off, and its spec sets it",
                "the node's `network` namespace, and its spec gives it another",
            ],
            Texts(Spec, weak));
    }

    [Fact]
    public void A_process_of_root_holds_what_its_bounding_set_leaves() => Assert.Empty(ProcessDrift.Between(
        Spec with { Sets = Spec.Sets with { Effective = [], Permitted = [] } }, Process));

    [Theory]
    [InlineData("web//child (enforce)", "")]
    [InlineData("web (complain)", "the AppArmor profile `web` in complain mode, which forbids nothing")]
    [InlineData("", "no AppArmor profile, and its spec names `web`")]
    public void T_A2_the_label_is_that_of_the_profile_in_enforce_mode(string label, string text) =>
        Assert.Equal(text, string.Join(';', Texts(Spec with { AppArmorProfile = "web" }, Process with { AppArmor = label })));

    [Fact]
    public void T_A6_another_SELinux_label_is_drift() => Assert.Single(ProcessDrift.Between(
        Spec with { SeLinuxLabel = "system_u:system_r:container_t:s0:c1,c2" }, Process with { Label = "system_u:system_r:spc_t:s0" }));

    [Fact]
    public void T_U9_ids_that_are_mapped_otherwise_are_drift()
    {
        ImmutableArray<IdMapping> map = [new(65536, 0, 65536)];
        var spec = Spec with { UserNamespace = new UserNamespaceRequest(OfTheNode: false, map, map) };
        Assert.Empty(ProcessDrift.Between(spec, Process with { Users = map, Groups = map }));
        Assert.Single(ProcessDrift.Between(spec, Process with { Users = map, Groups = [new(0, 0, 65536)] }));
    }

    [Fact]
    public void T_Q2_a_process_that_somebody_entered_a_container_with_is_told_by_what_no_child_comes_to()
    {
        var spec = Spec with { NoNewPrivileges = true, UserId = 1000 };
        var first = Process with { UserId = 1000 };
        Assert.Empty(ProcessDrift.Beside(spec, first, first));
        Assert.Equal<string>(["`CAP_SYS_MODULE` (bounding), beyond its spec"], Texts(first with { Capabilities = new(SysModule, 0, 0, 0, 0) }));
        Assert.Equal<string>(["user 0, which its spec gives no way to become"], Texts(first with { UserId = 0 }));
        // Where set-user-ID programs work, or the first process may change its user, somebody inside can.
        Assert.Empty(ProcessDrift.Beside(spec with { NoNewPrivileges = false }, first, first with { UserId = 0 }));
        Assert.Empty(ProcessDrift.Beside(spec with { UserId = 0 }, first, first with { UserId = 33 }));
        Assert.Empty(ProcessDrift.Beside(spec with { Sets = spec.Sets with { Ambient = ["CAP_SETUID"] } }, first, first with { UserId = 0 }));

        IEnumerable<string> Texts(ProcessFacts other) => ProcessDrift.Beside(spec, first, other).Select(static d => d.Text);
    }

    [Fact]
    public void A_user_namespace_that_a_program_made_itself_is_no_drift()
    {
        var first = Process with { Namespaces = Process.Namespaces.SetItem("user", "user:[1]") };
        var inner = first with { Namespaces = first.Namespaces.SetItem("user", "user:[2]"), NodeNamespaces = ["cgroup"], Capabilities = new(SysModule, SysModule, SysModule, 0, 0), Users = [new(0, 0, 1)] };
        Assert.Empty(ProcessDrift.Beside(Spec, first, inner));
        Assert.NotEmpty(ProcessDrift.Beside(Spec, first, inner with { NodeNamespaces = ["user"] }));
        Assert.NotEmpty(ProcessDrift.Beside(Spec, first, inner with { SeccompMode = 0 }));
    }

    [Theory]
    [InlineData("/usr/bin/runsc")]
    [InlineData("/usr/bin/qemu-system-x86_64")]
    public void T_S11_what_the_kernel_says_of_a_sentry_or_a_hypervisor_is_no_evidence_of_the_container(string executable)
    {
        var process = Process with { Executable = executable, SeccompMode = 0, Capabilities = new(SysModule, 0, 0, 0, 0), IsFileOfTheNode = true };
        Assert.Empty(ProcessDrift.Between(Spec, process));
        Assert.NotEmpty(Isolator.NotApplied(process));
        Assert.False(Isolator.IsNamed("/opt/runsc-like/web"));
    }

    [Fact]
    public void T_S11_a_program_of_a_container_is_no_sentry_by_its_name()
    {
        var process = Process with { Executable = "/usr/bin/runsc", SeccompMode = 0 };
        Assert.Single(ProcessDrift.Between(Spec, process));
        Assert.Empty(Isolator.NotApplied(process));
    }

    [Theory]
    [InlineData("--network=sandbox", "does not apply the spec's seccomp filter")]
    [InlineData("--oci-seccomp", "applies the spec's seccomp filter inside")]
    public void T_S11_what_gVisor_does_with_the_filter_is_said_by_its_arguments(string argument, string says) => Assert.Contains(
        says, Isolator.NotApplied(Process with { Executable = "/usr/bin/runsc", IsFileOfTheNode = true, Arguments = ["runsc-sandbox", argument, "boot"] }), StringComparison.Ordinal);

    private static IEnumerable<string> Texts(EffectiveSpec spec, ProcessFacts process) => ProcessDrift.Between(spec, process).Select(static d => d.Text);
}
