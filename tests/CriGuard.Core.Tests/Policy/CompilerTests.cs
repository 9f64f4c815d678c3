using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Policy.Images;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

public sealed class CompilerTests
{
    [Fact]
    public void The_revision_is_the_policys_meaning_and_not_its_order_or_layout()
    {
        Rule[] rules = [Given.Rule("a") with { DeniesPrivileged = true }, Given.Rule("b") with { RequiresNoNewPrivileges = true }];
        var revision = Given.Policy(rules).Revision;
        Assert.Matches("^[0-9a-f]{12}$", revision);
        Assert.Equal(revision, Given.Policy(rules[1], rules[0] with { At = new Position("x", 9, 9) }).Revision);
    }

    [Fact]
    public void Every_part_of_a_rule_is_part_of_the_revision()
    {
        var rule = Given.Rule() with { DeniesPrivileged = true };
        Rule[] others =
        [
            rule,
            rule with { Name = "other" },
            rule with { Mode = RuleMode.Audit },
            rule with { DeniesPrivileged = false },
            rule with { RequiresNoNewPrivileges = true },
            rule with { Seccomp = SecurityProfile.RuntimeDefault },
            rule with { Seccomp = SecurityProfile.Localhost("/a") },
            rule with { AppArmor = SecurityProfile.RuntimeDefault },
            rule with { Capabilities = Given.Allow(CapabilityAction.Fix) },
            rule with { Capabilities = Given.Allow(CapabilityAction.Refuse) },
            rule with { Capabilities = Given.Allow(CapabilityAction.Refuse, "CHOWN") },
            rule with { HostNamespaces = HostNamespacesSetting.All },
            rule with { HostNamespaces = new HostNamespacesSetting(Network: false, Pid: true, Ipc: true) },
            rule with { Sandbox = new SandboxSetting(IsolationLevel.Gvisor) },
            rule with { Sandbox = new SandboxSetting(IsolationLevel.Kata) },
            rule with { Sandbox = new SandboxSetting(IsolationLevel.Gvisor, RefusesWeaker: true) },
            rule with { HostPaths = HostPathsSetting.DenyAll },
            rule with { HostPaths = new HostPathsSetting([new HostPathEntry("/srv", ReadOnly: false)]) },
            rule with { HostPaths = new HostPathsSetting([new HostPathEntry("/srv", ReadOnly: true)]) },
            rule with { Volumes = VolumesSetting.Restricted },
            rule with { Volumes = new VolumesSetting([VolumeTypes.EmptyDir]) },
            rule with { Mounts = new MountsSetting { Propagation = MountPropagation.Private } },
            rule with { Mounts = new MountsSetting { Propagation = MountPropagation.HostToContainer } },
            rule with { Mounts = new MountsSetting { ProtectsContainerPaths = true } },
            rule with { Mounts = new MountsSetting { RecursiveReadOnly = RecursiveReadOnly.Report } },
            rule with { Mounts = new MountsSetting { RecursiveReadOnly = RecursiveReadOnly.Require } },
            rule with { Mounts = new MountsSetting { RelabelsPodsOnly = true } },
            rule with { Mounts = new MountsSetting { TighteningOptionsOnly = true } },
            rule with { Mounts = new MountsSetting { DeniesHostRoot = true } },
            .. KernelSurface.Settings(rule),
            .. ListSettings(rule),
            .. AccessSettings(rule),
            rule with { LateContainers = new LateContainersSetting(LateAction.Deny, TimeSpan.FromSeconds(1)) },
            rule with { LateContainers = new LateContainersSetting(LateAction.Deny, TimeSpan.FromSeconds(2)) },
            rule with { LateContainers = new LateContainersSetting(LateAction.Report, TimeSpan.FromSeconds(1)) },
            rule with { Match = new Match { Namespaces = [new Glob("a")] } },
            rule with { Match = new Match { Images = [new Glob("a")] } },
            rule with { Match = new Match { PodLabels = Given.Sandbox.With(("a", "b")).Labels } },
        ];
        Assert.Equal(others.Length, others.Select(static r => Given.Policy(r).Revision).Distinct().Count());
        Assert.NotEqual(Given.Compile([rule]).Revision, Given.Compile([rule], UnknownMethods.Relay).Revision);
    }

    [Fact]
    public void Refusing_unknown_methods_is_the_strictest_value_and_the_default()
    {
        Assert.Equal(UnknownMethods.Refuse, Compose([null]).UnknownMethods);
        Assert.Equal(UnknownMethods.Relay, Compose(UnknownMethods.Relay, null).UnknownMethods);
        Assert.Equal(UnknownMethods.Refuse, Compose(UnknownMethods.Relay, UnknownMethods.Refuse).UnknownMethods);
    }

    [Fact]
    public void T_C8_denying_what_is_not_accounted_for_is_the_strictest_value_and_part_of_the_revision()
    {
        var (said, silent) = (new PolicyDocument { Name = "p", Unaccounted = Unaccounted.Deny }, new PolicyDocument { Name = "q" });
        var policies = new[] { PolicyCompiler.Compile([said, silent]), PolicyCompiler.Compile([silent with { Unaccounted = Unaccounted.Report }]), PolicyCompiler.Compile([silent]) }
            .Select(static r => r.Policy!).ToList();
        Assert.Equal([Unaccounted.Deny, Unaccounted.Report, Unaccounted.Report], policies.Select(static p => p.Unaccounted));
        Assert.Equal(2, policies.Select(static p => p.Revision).Distinct().Count());
    }

    private static CompiledPolicy Compose(params UnknownMethods?[] said) =>
        PolicyCompiler.Compile([.. said.Select(static s => new PolicyDocument { Name = "p", UnknownMethods = s })]).Policy!;

    private static IEnumerable<Rule> ListSettings(Rule rule) =>
    [
        rule with { Devices = DeviceSetting.None },
        rule with { Devices = DeviceSetting.None.Allowing(["/dev/fuse"]) },
        rule with { Devices = DeviceSetting.None.Allowing(["/dev/fuse:rwm"]) },
        rule with { Devices = DeviceSetting.None.Allowing(["vendor.com/gpu=0"]) },
        rule with { Devices = DeviceSetting.None with { CdiAnnotations = true } },
        rule with { Annotations = AnnotationSetting.None },
        rule with { Annotations = AnnotationSetting.None.Allowing(["run.oci.*"]) },
        rule with { Images = new ImageSetting([], RequiresDigest: true) },
        rule with { Images = new ImageSetting([new ImageSource("registry.example")], RequiresDigest: true) },
        rule with { Images = new ImageSetting([new ImageSource("registry.example")], RequiresDigest: false) },
        rule with { RuntimeHandlers = new RuntimeHandlersSetting(["runc"]) },
        rule with { RuntimeHandlers = new RuntimeHandlersSetting(["runc", ""]) },
        rule with { Resources = new ResourceSetting("/kubepods", null, null) },
        rule with { Resources = new ResourceSetting(null, -997, null) },
        rule with { Resources = new ResourceSetting(null, null, []) },
        rule with { Resources = new ResourceSetting(null, null, [new Glob("memory.*")]) },
    ];

    private static IEnumerable<Rule> AccessSettings(Rule rule) =>
    [
        rule with { Access = new AccessSetting(AccessDemand.Deny, null, null, null) },
        rule with { Access = new AccessSetting(AccessDemand.Record, null, null, null) },
        rule with { Access = new AccessSetting(null, AccessDemand.Deny, null, null) },
        rule with { Access = new AccessSetting(null, null, AccessDemand.Deny, null) },
        rule with { Access = new AccessSetting(null, null, null, AccessDemand.Deny) },
        rule with { Updates = UpdatesSetting.Deny },
        rule with { Updates = new UpdatesSetting(Denied: false, [], []) },
        rule with { Updates = new UpdatesSetting(Denied: false, [new Glob("a")], []) },
        rule with { Updates = new UpdatesSetting(Denied: false, [], [new Glob("a")]) },
        rule with { Checkpoints = CheckpointsSetting.Deny },
        rule with { Checkpoints = new CheckpointsSetting(["/a"], CheckpointsSetting.Kubelet) },
        rule with { Checkpoints = new CheckpointsSetting(["/a"], [new Glob("*")]) },
    ];
}
