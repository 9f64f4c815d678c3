using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;
using FsCheck;

namespace CriGuard.Core.Tests.Policy;

/// <summary>Rules and facts of all shapes, from few values each, so that rules often match and often disagree.</summary>
internal static class Arbitrary
{
    private static readonly string[] Namespaces = ["shop", "dev", "kube-system"];
    private static readonly string[] Handlers = ["runc", "runsc", "kata"];

    private static readonly string[] CapabilitySpellings =
        ["ALL", "all", "CHOWN", "NET_RAW", "SYS_ADMIN", "SYS_MODULE", "CAP_SYS_MODULE", "cap_chown", "BPF", "CAP_CAP_X", "", "MKNOD", "KILL"];

    private static readonly Gen<bool> Bool = Gen.Elements(false, true);

    private static readonly Gen<PodIdentity> Pods =
        from space in Gen.Elements(Namespaces)
        from uid in Gen.Elements("uid-1", "uid-1", "uid-1", "uid-2")
        select new PodIdentity(space, "web-0", uid);

    private static readonly Gen<ImmutableSortedDictionary<string, string>> Labels =
        from tier in Gen.Elements("", "web", "*")
        select tier.Length == 0 ? Match.Everything.PodLabels : Match.Everything.PodLabels.Add("tier", tier);

    private static readonly Gen<SecurityProfile?> Profiles = Gen.Elements(
        null, SecurityProfile.RuntimeDefault, SecurityProfile.Unconfined, SecurityProfile.Localhost("tenant"),
        SecurityProfile.Localhost("/a"), SecurityProfile.Localhost("unloaded"));

    private static readonly Gen<NamespaceMode> Mode = Gen.Elements(
        NamespaceMode.Pod, NamespaceMode.Pod, NamespaceMode.Container, NamespaceMode.Node, NamespaceMode.Target, (NamespaceMode)9);

    private static readonly Gen<NamespaceModes> Modes =
        from network in Mode
        from pid in Mode
        from ipc in Mode
        select new NamespaceModes(network, pid, ipc);

    private static readonly Gen<bool?> MaybeBool = Gen.Elements<bool?>(null, false, false, true);

    private static readonly Gen<ImmutableArray<string>> Names =
        Gen.ListOf(Gen.Elements(CapabilitySpellings)).Select(static l => l.Take(4).ToImmutableArray());

    private static readonly Gen<CapabilityRequest> Requests =
        from add in Names
        from drop in Names
        from ambient in Names
        select new CapabilityRequest(add, drop, ambient);

    public static Gen<SandboxFacts> Sandbox { get; } =
        from pod in Pods
        from labels in Labels
        from handler in Gen.Elements("", "runc", "runsc", "kata", "nvidia")
        from modes in Modes
        from privileged in MaybeBool
        from seccomp in Profiles
        from surface in KernelSurface.Sandbox
        from annotations in ArbitraryLists.Annotations
        from parent in Gen.Elements(null, "", "/kubepods/pod1", "/system.slice")
        select surface with
        {
            Annotations = annotations,
            CgroupParent = parent,
            Pod = pod,
            Labels = labels,
            RuntimeHandler = handler,
            Namespaces = modes,
            Privileged = privileged,
            Seccomp = seccomp,
        };

    public static Gen<ContainerFacts> Container { get; } =
        from sandbox in Sandbox
        from other in Sandbox
        from same in Gen.Elements(true, true, false)
        from image in Gen.Elements("registry.example/web:1", "evil.example/web:1", "")
        from privileged in Gen.Elements(false, false, true)
        from modes in Modes
        from capabilities in Requests
        from gain in Bool
        from seccomp in Profiles
        from appArmor in Profiles
        from surface in KernelSurface.Container
        from listed in ArbitraryLists.Container(surface)
        from mounts in ArbitraryMounts.Mounts
        from others in Gen.SubListOf(new Neighbour("10", "log", Running: true, DateTimeOffset.UnixEpoch), new Neighbour("3b", "web", Running: false, DateTimeOffset.UnixEpoch))
        select listed with
        {
            Sandbox = sandbox,
            Resent = same ? sandbox : other,
            Name = "web",
            Image = surface.Image with { UserSpecified = image },
            Privileged = privileged,
            Namespaces = modes,
            Capabilities = capabilities,
            NoNewPrivileges = gain,
            Seccomp = seccomp,
            AppArmor = appArmor,
            Mounts = mounts,
            Neighbours = [.. others],
        };

    public static Gen<StartFacts> Start { get; } =
        from sandbox in Sandbox
        from image in Gen.Elements("registry.example/web:1", "evil.example/web:1")
        from privileged in MaybeBool
        from told in Gen.Elements(true, true, true, false)
        from capabilities in Gen.ListOf(Gen.Elements("CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_SYS_MODULE", "CAP_41", ""))
        from gain in Bool
        from appArmor in Gen.Elements("", "unconfined", "tenant", "cri-containerd.apparmor.d")
        from seccomp in Gen.Elements(null, "SCMP_ACT_ERRNO")
        from own in Gen.SubListOf("pid", "network", "ipc")
        from surface in KernelSurface.Spec
        from listed in ArbitraryLists.Spec(surface)
        from mounts in ArbitraryMounts.Mounts
        from accounted in MaybeBool
        from kept in Bool
        from asked in Container
        select new StartFacts
        {
            Asked = kept ? asked : null,
            Sandbox = sandbox,
            ContainerName = "web",
            Image = new ImageFacts("sha256:01", image),
            Privileged = privileged,
            Accounted = accounted,
            Spec = !told ? null : listed with
            {
                Capabilities = [.. capabilities],
                NoNewPrivileges = gain,
                AppArmorProfile = appArmor,
                SeccompDefaultAction = seccomp,
                OwnNamespaces = [.. own],
                Mounts = mounts,
            },
        };

    public static Gen<AccessFacts> Access { get; } =
        from method in Gen.Elements(
            "Exec", "ExecSync", "Attach", "PortForward", "UpdateContainerResources", "UpdatePodSandboxResources", "CheckpointContainer", "CheckpointPod",
            "StopContainer", "RemovePodSandbox", "ReplacePod")
        from sandbox in Sandbox
        from told in Gen.Elements(true, true, true, false)
        from image in Gen.Elements("registry.example/web:1", "evil.example/web:1")
        from privileged in MaybeBool
        from files in Gen.SubListOf("memory.high", "memory.oom.group", "io.latency")
        from annotations in Gen.SubListOf("a.example/x", "b.example/y")
        from path in Gen.Elements("/var/lib/kubelet/checkpoints/a.tar", "/var/lib/kubelet/checkpoints/../a", "/tmp/a", "", "a")
        from options in Gen.SubListOf("leave-running")
        let ofPod = method.Contains("Pod", StringComparison.Ordinal) || method == "PortForward"
        select new AccessFacts
        {
            Method = method,
            Unknown = method == "ReplacePod",
            Ends = method is "StopContainer" or "RemovePodSandbox",
            SandboxId = "5a17",
            ContainerId = ofPod ? "" : "c0de",
            Sandbox = told ? sandbox : null,
            ContainerName = told && !ofPod ? "web" : null,
            Image = told && !ofPod ? new ImageFacts("sha256:01", image) : null,
            Privileged = told ? privileged : null,
            Update = method.StartsWith("Update", StringComparison.Ordinal) ? Update(files, annotations) : null,
            CheckpointPath = method.StartsWith("Checkpoint", StringComparison.Ordinal) ? path : null,
            CheckpointOptions = [.. options],
        };

    public static Gen<RestoreFacts> Restore { get; } =
        from sandbox in Sandbox
        from containers in Gen.ListOf(Container)
        from path in Gen.Elements("/var/lib/kubelet/checkpoints/a", "/tmp/a")
        from options in Gen.SubListOf("leave-running")
        select new RestoreFacts
        {
            Sandbox = sandbox,
            Containers = [.. containers.Take(2).Select(c => c with { Sandbox = sandbox, Resent = null })],
            CheckpointPath = path,
            Options = [.. options],
        };

    public static Gen<NodeFacts> Node { get; } =
        from loaded in Gen.Elements<string[]?>(null, [], ["tenant"], ["tenant", "/a"])
        from handlers in Gen.Elements<string[]?>(null, ["runc"], ["runc", "runsc"], ["runc", "kata"], Handlers, Handlers)
        from caller in Gen.Elements("/usr/bin/kubelet", "/usr/bin/kubelet", "/usr/bin/crictl", "", null)
        select new NodeFacts
        {
            AppArmorProfiles = loaded?.ToImmutableSortedSet(),
            RuntimeHandlers = handlers?.ToImmutableSortedSet(),
            Devices = ArbitraryLists.Devices,
            Caller = caller is null ? null : new Core.Events.Caller(Pid: 1, Uid: 0, caller),
        };

    /// <summary>Rules that a document may have: the names are given by the list, images and sandbox do not meet.</summary>
    public static Gen<Rule> Rule { get; } =
        from mode in Gen.Elements(RuleMode.Enforce, RuleMode.Enforce, RuleMode.Audit)
        from match in Matches
        from seccomp in Profiles
        from appArmor in Profiles
        from capabilities in Capabilities
        from privileged in Bool
        from denied in Gen.Elements(null, HostNamespacesSetting.All, new HostNamespacesSetting(Network: true, Pid: false, Ipc: false))
        from gain in Bool
        from level in Gen.Elements<IsolationLevel?>(null, null, IsolationLevel.Runc, IsolationLevel.Userns, IsolationLevel.Gvisor, IsolationLevel.Kata)
        from refuses in Gen.Elements(false, false, true)
        from ofPrivileged in Gen.Elements(null, null, SecurityProfile.Localhost("tenant"), SecurityProfile.Localhost("gone"))
        from strict in Gen.Elements(false, false, true)
        from surface in KernelSurface.Rule
        from listed in ArbitraryLists.Rule(surface)
        from late in Gen.Elements<LateAction?>(null, null, LateAction.Report, LateAction.Deny)
        from access in Accesses
        from updates in Gen.Elements(null, null, UpdatesSetting.Deny, Updates(), Updates("memory.*"))
        from checkpoints in Gen.Elements(null, null, CheckpointsSetting.Deny, Checkpoints("/var/lib/kubelet/checkpoints"), Checkpoints("/tmp"))
        from hostPaths in ArbitraryMounts.HostPaths
        from volumes in ArbitraryMounts.Volumes
        from manner in ArbitraryMounts.Manner
        select listed with
        {
            Name = "",
            Mode = mode,
            Match = match,
            Seccomp = seccomp?.Kind == SecurityProfileKind.Unconfined ? null : seccomp,
            AppArmor = appArmor?.Kind == SecurityProfileKind.Unconfined ? null : appArmor,
            AppArmorOfPrivileged = ofPrivileged,
            RefusesWithoutAppArmor = strict,
            Capabilities = capabilities,
            DeniesPrivileged = privileged,
            HostNamespaces = denied,
            RequiresNoNewPrivileges = gain || surface.RefusesWithoutNoNewPrivileges,
            HostPaths = hostPaths,
            Volumes = volumes,
            Mounts = manner,
            Sandbox = level is { } least && match.Images.IsEmpty ? new SandboxSetting(least, refuses) : null,
            LateContainers = late is { } action ? new LateContainersSetting(action, TimeSpan.FromMinutes(1)) : null,
            Access = match.Images.IsEmpty ? access : access with { PortForward = null },
            Updates = match.Images.IsEmpty ? updates : null,
            Checkpoints = match.Images.IsEmpty ? checkpoints : null,
        };

    /// <summary>Up to five rules with names of their own and matches that differ, as the compiler asks.</summary>
    public static Gen<Rule[]> Rules { get; } = Gen.ListOf(Rule).Select(static rules => rules.Take(5).Select(Numbered).ToArray());

    private static Gen<Match> Matches =>
        from space in Gen.Elements("*", "*", "shop", "d*")
        from labels in Labels
        from image in Gen.Elements("", "", "registry.example/*")
        select new Match { Namespaces = [new Glob(space)], PodLabels = labels, Images = image.Length == 0 ? [] : [new Glob(image)] };

    private static Gen<CapabilitySetting?> Capabilities =>
        from allow in Gen.Elements<CapabilitySet?>(
            null, CapabilitySet.All, CapabilitySet.RuntimeDefault, CapabilitySet.Of("CHOWN", "BPF"), CapabilitySet.Empty)
        from action in Gen.Elements(CapabilityAction.Refuse, CapabilityAction.Fix, CapabilityAction.Fix)
        from keeps in Bool
        from drops in Gen.Elements(false, false, true)
        select allow is { } set ? new CapabilitySetting(set, action) { KeepsDefaults = keeps, RequiresDropAll = drops } : null;

    private static Gen<AccessSetting> Accesses =>
        from exec in Demand
        from sync in Demand
        from attach in Demand
        from forward in Demand
        select new AccessSetting(exec, sync, attach, forward);

    private static Gen<AccessDemand?> Demand => Gen.Elements<AccessDemand?>(null, null, AccessDemand.Record, AccessDemand.DenyPrivileged, AccessDemand.Deny);

    private static ResourceUpdate Update(IEnumerable<string> files, IEnumerable<string> annotations) =>
        new([.. files], [.. annotations], ImmutableSortedDictionary<string, string>.Empty);

    private static UpdatesSetting Updates(params string[] files) =>
        new(Denied: false, [.. files.Select(static f => new Glob(f))], [new Glob("a.example/*")]);

    private static CheckpointsSetting Checkpoints(string path) => new([path], CheckpointsSetting.Kubelet);

    private static Rule Numbered(Rule rule, int i) =>
        rule with { Name = $"r{i}", Match = rule.Match with { Namespaces = [.. rule.Match.Namespaces, new Glob($"only-{i}")] } };
}
