using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// What a pod under a `sandbox` rule asks for and its handler cannot serve: refused before anything is started, in words that say what to change,
/// since the runtimes fail late and obscurely, or serve something else.
/// </summary>
internal static class SandboxFit
{
    private const string Context = "config.linux.security_context";
    private const string Annotations = "config.annotations";

    /// <summary>Below it the kubelet keeps the devices of block volumes (kubernetes, pkg/volume, GetPodDeviceMapPath).</summary>
    private const string BlockVolumes = "/volumeDevices/";

    public static void Judge(Judgement judgement, string rule, HandlerEntry handler, SandboxFacts facts)
    {
        var subject = Words.Pod(facts.Pod);
        JudgeNamespaces(judgement, rule, handler, subject, facts.Namespaces);
        if (facts.Privileged == true)
            Refuse(Ability.Privileged, $"{Context}.privileged", "is privileged", "set `securityContext.privileged` to false");
        if (facts.Sysctls.Count > 0)
            Refuse(
                Ability.Sysctls, "config.linux.sysctls", $"asks for {Plural(facts.Sysctls.Count, "sysctl")} {Words.List([.. facts.Sysctls.Keys])}",
                "take it out of `securityContext.sysctls`");
        JudgeAnnotations(judgement, rule, handler, subject, facts.Annotations.Keys);

        void Refuse(Ability ability, string field, string asks, string remedy) => SandboxFit.Refuse(judgement, rule, handler, ability, field, $"{subject} {asks}", remedy);
    }

    public static void Judge(Judgement judgement, string rule, HandlerEntry handler, ContainerFacts facts)
    {
        var subject = Words.Container(facts.Name);
        JudgeNamespaces(judgement, rule, handler, subject, facts.Namespaces);
        if (facts.Privileged)
            Refuse(Ability.Privileged, $"{Context}.privileged", "is privileged", "set `securityContext.privileged` to false");
        var (volumes, devices) = (Paths(facts, ofVolumes: true), Paths(facts, ofVolumes: false));
        if (volumes.Count > 0)
            Refuse(
                Ability.BlockVolumes, "config.devices", $"has {Plural(volumes.Count, "block volume")} {Words.List(volumes)}",
                "give the volume a file system: `volumeMode: Filesystem` and `volumeMounts`");
        if (devices.Count > 0)
            Refuse(
                Ability.Devices, "config.devices", $"asks for {Plural(devices.Count, "device")} {Words.List(devices)}",
                "take the resource that brings it out of `resources.limits`, or the volume out of `volumes`");
        foreach (var mount in facts.Mounts)
        {
            if (mount.Target?.Kind == HostFileKind.Socket)
                Refuse(Ability.HostSockets, "config.mounts", $"mounts the node's socket {Words.Quote(mount.HostPath)}", "take it out of `volumes`");
            if (mount.Propagation == MountPropagation.Bidirectional)
                Refuse(
                    Ability.BidirectionalMounts, "config.mounts", $"shares what it mounts below {Words.Quote(mount.ContainerPath)} with the node",
                    "set `mountPropagation` to `None` or `HostToContainer`");
        }

        // containerd hands on those of the configuration that is sent again.
        JudgeAnnotations(
            judgement, rule, handler, subject, facts.Annotations.Keys.Concat(facts.Sandbox.Annotations.Keys).Concat(facts.Resent?.Annotations.Keys ?? []));

        void Refuse(Ability ability, string field, string asks, string remedy) => SandboxFit.Refuse(judgement, rule, handler, ability, field, $"{subject} {asks}", remedy);
    }

    private static void JudgeNamespaces(Judgement judgement, string rule, HandlerEntry handler, string subject, NamespaceModes asked)
    {
        (Ability Ability, NamespaceMode Mode, string Name, string PodField)[] kinds =
        [
            (Ability.HostNetwork, asked.Network, "network", "hostNetwork"), (Ability.HostPid, asked.Pid, "pid", "hostPID"), (Ability.HostIpc, asked.Ipc, "ipc", "hostIPC"),
        ];
        foreach (var (ability, mode, name, podField) in kinds)
        {
            if (mode == NamespaceMode.Node)
                Refuse(
                    judgement, rule, handler, ability, $"{Context}.namespace_options.{name}", $"{subject} shares the node's {name} namespace", $"set `{podField}` to false");
        }
    }

    /// <summary>They take isolation away as easily as they tune it (T-N5, T-N6), so only those go through that the table lists.</summary>
    private static void JudgeAnnotations(Judgement judgement, string rule, HandlerEntry handler, string subject, IEnumerable<string> keys)
    {
        var beyond = BehaviourAnnotations.OfSandboxes(keys).FindAll(key => !handler.Annotations.Any(glob => glob.Matches(key)));
        if (beyond.Count > 0)
            judgement.Refuse(
                rule, Control.Sandbox, Annotations, $"{subject} configures {handler.Words} by {Plural(beyond.Count, "annotation")} {Words.List(beyond)}",
                "take it out of `metadata.annotations`, or list it in `annotations` of the handler");
    }

    private static List<string> Paths(ContainerFacts facts, bool ofVolumes)
    {
        var devices = facts.Devices.Select(static d => d.HostPath).Concat(facts.Mounts.Where(static m => m.Target?.Kind == HostFileKind.Device).Select(static m => m.HostPath));
        return [.. devices.Where(path => path.Contains(BlockVolumes, StringComparison.Ordinal) == ofVolumes).Concat(ofVolumes ? [] : facts.CdiDevices)];
    }

    private static void Refuse(Judgement judgement, string rule, HandlerEntry handler, Ability ability, string field, string asks, string remedy)
    {
        if (!handler.Can(ability))
            judgement.Refuse(rule, Control.Sandbox, field, $"{asks}, which {handler.Words} cannot serve", remedy);
    }

    private static string Plural(int count, string noun) => count == 1 ? noun : noun + "s";
}
