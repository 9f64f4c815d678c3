using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>Whose namespaces a pod gets (kubernetes, pkg/kubelet/kuberuntime/util/util.go and pkg/kubelet/userns).</summary>
internal static class NamespaceConversion
{
    /// <summary>User ids of one pod, and the first ones that are given out.</summary>
    private const uint Length = 65536;

    public static NamespaceOption Convert(PodTemplate pod, Assumptions assumed) => new()
    {
        Network = Of(pod.Spec["hostNetwork"], NamespaceMode.Pod),
        Ipc = Of(pod.Spec["hostIPC"], NamespaceMode.Pod),
        // Unlike the others a container's own, unless the pod shares it.
        Pid = Of(pod.Spec["hostPID"], pod.Spec["shareProcessNamespace"].Flag == true ? NamespaceMode.Pod : NamespaceMode.Container),
        UsernsOptions = Users(pod, assumed),
    };

    /// <summary>Those of a debug container that is to see the processes of another one.</summary>
    public static NamespaceOption Convert(PodTemplate pod, PodContainer container, Assumptions assumed)
    {
        var options = Convert(pod, assumed);
        if (container.Field["targetContainerName"].Text is not { Length: > 0 } target || options.Pid != NamespaceMode.Container)
            return options;
        assumed.Add($"container `{target}` is the one that `{container.Name}` looks into: ids of containers are the runtime's");
        options.Pid = NamespaceMode.Target;
        options.TargetId = target;
        return options;
    }

    private static NamespaceMode Of(Field host, NamespaceMode own) => host.Flag == true ? NamespaceMode.Node : own;

    private static UserNamespace Users(PodTemplate pod, Assumptions assumed)
    {
        if (pod.Spec["hostUsers"].Flag != false)
            return new UserNamespace { Mode = NamespaceMode.Node };
        assumed.Add($"user namespaces begin at id {Length} of the node: the kubelet chooses");
        var range = new IDMapping { HostId = Length, ContainerId = 0, Length = Length };
        return new UserNamespace { Mode = NamespaceMode.Pod, Uids = { range }, Gids = { range.Clone() } };
    }
}
