using System.Collections.Immutable;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Tests.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Enforcement;

/// <summary>T-C6: what would start against what was asked for, aspect by aspect; cases of whole containers are in tests/golden.</summary>
public sealed class SpecDriftTests
{
    private static readonly ContainerFacts Asked = Given.Container with
    {
        Seccomp = SecurityProfile.RuntimeDefault,
        AppArmor = SecurityProfile.RuntimeDefault,
        MaskedPaths = ProcMountSetting.Masked,
        NoNewPrivileges = true,
    };

    private static readonly StartFacts Start = Given.Start with { Asked = Asked, Privileged = false };

    [Fact]
    public void What_is_as_asked_for_is_no_drift() => Assert.Empty(Between(Asked, Given.Spec));

    [Fact]
    public void What_is_stricter_than_asked_for_is_no_drift() => Assert.Empty(Between(
        Given.Container, Given.Spec with { ReadOnlyRoot = true, ReadonlyPaths = ["/proc/sys"], Sets = CapabilitySets.None }));

    [Theory]
    [InlineData("", "no AppArmor profile, and the runtime's default is asked for")]
    [InlineData("unconfined", "the AppArmor profile `unconfined`, and the runtime's default is asked for")]
    public void An_AppArmor_profile_that_is_gone_is_drift(string profile, string text) =>
        Assert.Equal(text, The(Asked, Given.Spec with { AppArmorProfile = profile }).Text);

    [Fact]
    public void An_AppArmor_profile_is_not_asked_of_a_node_that_has_none() =>
        Assert.Empty(SpecDrift.Between(Given.Node with { AppArmorProfiles = null }, Start, Given.Spec with { AppArmorProfile = "" }));

    [Fact]
    public void Another_AppArmor_profile_than_the_one_by_name_is_drift_of_a_privileged_container_too() => Assert.Equal(
        "the AppArmor profile `cri-containerd.apparmor.d` instead of `tenant`",
        Assert.Single(Between(Asked with { AppArmor = SecurityProfile.Localhost("tenant"), Privileged = true }, Given.Spec, privileged: true)).Text);

    [Fact]
    public void A_default_filter_that_lets_through_what_it_does_not_list_is_drift() =>
        Assert.Equal(Aspect.Seccomp, The(Asked, Given.Spec with { SeccompDefaultAction = "SCMP_ACT_ALLOW" }).Aspect);

    [Fact]
    public void A_filter_that_is_not_the_one_of_the_file_is_drift_whatever_the_order_of_its_rules()
    {
        var file = new FilterRules("SCMP_ACT_ERRNO", ["SCMP_ARCH_X86_64"], ["read SCMP_ACT_ALLOW 0 ", "write SCMP_ACT_ALLOW 0 "]);
        var start = Start with { Asked = Asked with { Seccomp = SecurityProfile.Localhost("/profiles/web.json") }, Profile = file };
        Assert.Empty(SpecDrift.Between(Given.Node, start, Given.Spec with { Filter = file with { Rules = [.. file.Rules.Reverse()] } }));
        var more = Given.Spec with { Filter = file with { Rules = ["read SCMP_ACT_ALLOW 0 ", "mount SCMP_ACT_ALLOW 0 ", "bpf SCMP_ACT_ALLOW 0 "] } };
        Assert.Equal("another seccomp filter than `/profiles/web.json` has: 2 rules more, 1 missing", Assert.Single(SpecDrift.Between(Given.Node, start, more)).Text);
    }

    [Fact]
    public void T_U5_a_set_that_no_request_fills_is_drift()
    {
        var sets = CapabilitySets.None with { Inheritable = ["CAP_CHOWN"] };
        Assert.Equal("`CAP_CHOWN` (inheritable), beyond what is asked for", The(Asked, Given.Spec with { Sets = sets }).Text);
    }

    [Fact]
    public void T_U1_a_drop_that_the_runtime_did_not_understand_is_drift()
    {
        var asked = Asked with { Capabilities = new CapabilityRequest(["ALL"], ["CAP_SYS_MODULE"], []) };
        var sets = CapabilitySets.None with { Bounding = ["CAP_SYS_MODULE", "CAP_SYS_ADMIN", "CAP_NEWER", "CAP_CAP_X"] };
        Assert.Equal("`CAP_SYS_MODULE` (bounding), beyond what is asked for", The(asked, Given.Spec with { Sets = sets }).Text);
    }

    [Fact]
    public void T_U7_a_group_beyond_a_strict_list_is_drift_and_one_of_the_image_is_not()
    {
        var spec = Given.Spec with { GroupId = 7, Groups = [5, 6, 7] };
        var merged = Asked with { User = UserRequest.None with { Supplemental = [5] } };
        Assert.Empty(Between(merged, spec));
        Assert.Equal("groups `6`, which it does not ask for", The(merged with { User = merged.User with { AddsGroupsOfImage = false } }, spec).Text);
        Assert.Equal("group `7` instead of `9`", The(merged with { User = merged.User with { Group = 9 } }, spec).Text);
    }

    [Fact]
    public void T_U9_a_user_namespace_that_is_gone_is_drift()
    {
        var users = new UserNamespaceRequest(OfTheNode: false, [new IdMapping(65536, 0, 65536)], [new IdMapping(65536, 0, 65536)]);
        var asked = Asked with { UserNamespace = users };
        Assert.Equal(Aspect.UserNamespace, The(asked, Given.Spec).Aspect);
        Assert.Empty(Between(asked, Given.Spec with { OwnNamespaces = Given.Spec.OwnNamespaces.Add("user"), UserNamespace = users }));
    }

    [Theory]
    [InlineData("/proc/55/ns/pid", NamespaceMode.Pod, 1)]
    [InlineData("/proc/55/ns/pid", NamespaceMode.Target, 0)]
    [InlineData("/proc/7/ns/pid", NamespaceMode.Pod, 0)]
    public void A_namespace_of_a_stranger_is_drift(string path, NamespaceMode pid, int drifts)
    {
        var asked = Asked with { Namespaces = NamespaceModes.Default with { Pid = pid } };
        var start = Start with { Asked = asked, Sandbox = Given.Sandbox with { ProcessId = 7 } };
        var spec = Given.Spec with { NamespacePaths = ImmutableSortedDictionary<string, string>.Empty.Add("pid", path) };
        Assert.Equal(drifts, SpecDrift.Between(Given.Node, start, spec).Length);
    }

    [Theory]
    [InlineData("/kubepods/pod7/c0de", "/kubepods/pod7", 0)]
    [InlineData("/kubepods/pod8/c0de", "/kubepods/pod7", 1)]
    [InlineData("kubepods-pod7.slice:cri-containerd:c0de", "/kubepods.slice/kubepods-pod7.slice", 0)]
    [InlineData("system.slice:cri-containerd:c0de", "/kubepods.slice/kubepods-pod7.slice", 1)]
    [InlineData("", "/kubepods/pod7", 1)]
    [InlineData("/anywhere", "", 0)]
    [InlineData("/anywhere", null, 0)]
    public void T_R3_a_cgroup_outside_of_the_pods_is_drift(string path, string? parent, int drifts) => Assert.Equal(
        drifts,
        SpecDrift.Between(Given.Node, Start with { Sandbox = Given.Sandbox with { CgroupParent = parent } }, Given.Spec with { CgroupsPath = path }).Length);

    [Fact]
    public void T_M2_a_mount_is_compared_by_where_it_leads()
    {
        var wanted = new MountFacts { ContainerPath = "/data/", HostPath = "/link", Target = new HostTarget(HostFileKind.Directory, "/real"), ReadOnly = true };
        var asked = Asked with { Mounts = [wanted] };
        var mount = new MountFacts { ContainerPath = "/data", HostPath = "/real", ReadOnly = true };
        Assert.Empty(Between(asked, Given.Spec with { Mounts = [mount] }));
        Assert.Equal("`/etc` at `/data` instead of `/link`", The(asked, Given.Spec with { Mounts = [mount with { HostPath = "/etc" }] }).Text);
        Assert.Equal("`/data` writable, which is asked to be read-only", The(asked, Given.Spec with { Mounts = [mount with { ReadOnly = false }] }).Text);
    }

    [Fact]
    public void T_M7_what_was_asked_to_be_read_only_to_its_depth_and_is_not_is_drift()
    {
        var wanted = new MountFacts { ContainerPath = "/data", HostPath = "/real", ReadOnly = true, RecursiveReadOnly = true };
        var spec = Given.Spec with { Mounts = [wanted with { RecursiveReadOnly = false }] };
        Assert.Equal(Aspect.Mounts, The(Asked with { Mounts = [wanted] }, spec).Aspect);
    }

    [Theory]
    [InlineData("/dev/snd/pcm", "c 116:3", 0)]
    [InlineData("/dev/other", "c 116:3", 1)]
    [InlineData("/dev/fuse", "c 1:1", 1)]
    [InlineData("/dev/zero", "c 1:5", 0)]
    public void T_D1_a_device_is_asked_for_by_its_place_and_is_what_the_node_has_there(string path, string number, int drifts)
    {
        var asked = Asked with { Devices = [new("/dev/snd", "/dev/snd", "rw"), new("/dev/fuse", "/dev/fuse", "rw")] };
        var numbers = number[2..].Split(':').Select(int.Parse).ToArray();
        var spec = Given.Spec with
        {
            Devices = [new(path, DeviceKind.Character, numbers[0], numbers[1])],
            AllowedDevices = [new(DeviceKind.Character, numbers[0], numbers[1], "rw"), new(DeviceKind.Character, 136, null, "rw")],
        };
        Assert.Equal(drifts, SpecDrift.Between(Given.Node with { Devices = ArbitraryLists.Devices }, Start with { Asked = asked }, spec).Length);
    }

    [Theory]
    [InlineData("sysfs", "/sys", false, 1)]
    [InlineData("cgroup2", "/sys/fs/cgroup", false, 1)]
    [InlineData("cgroup", "/sys/fs/cgroup", true, 0)]
    [InlineData("tmpfs", "/run", false, 0)]
    [InlineData("proc", "/host/proc", true, 1)]
    [InlineData("ext4", "/disk", true, 1)]
    public void T_G4_file_systems_that_no_request_can_ask_for_are_drift_on_every_runtime(string type, string path, bool readOnly, int drifts) => Assert.Equal(
        drifts, SpecDrift.Between(Given.Node, Start with { Asked = null }, Given.Spec with { KernelMounts = [new(type, path, readOnly)] }).Length);

    private static ImmutableArray<Deviation> Between(ContainerFacts asked, EffectiveSpec spec, bool privileged = false) =>
        SpecDrift.Between(Given.Node, Start with { Asked = asked, Privileged = privileged }, spec);

    private static Deviation The(ContainerFacts asked, EffectiveSpec spec) => Assert.Single(Between(asked, spec));
}
