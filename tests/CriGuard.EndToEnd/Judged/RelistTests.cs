using CriGuard.TestBed;
using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;

namespace CriGuard.EndToEnd.Judged;

/// <summary>A kubelet looks at its pods each second and after each event, and makes anew what is not as it wants it; what it does not know of is the routing.</summary>
public sealed class RelistTests(Bed bed) : BehindPolicy(bed)
{
    private const int Relists = 500;
    private const int RelistsOfOneGate = 100;

    [Fact]
    public async Task No_kubelet_makes_a_routed_pod_anew_however_often_it_looks_and_whichever_gate_it_asks()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Sandboxed with { Handler = "crun" });
        await using var raised = await Kubelet.RunAsync(PodSpec.Sandboxed with { Name = "raised" });
        var gates = 0;

        for (var relist = 1; relist <= Relists; relist++)
        {
            using var kubelet = new Kubelet(Bed.Node, Guard.Socket);
            foreach (var seen in (RunningPod[])[pod, raised])
            {
                Assert.Null(await ReasonToActAsync(kubelet, seen));
                Assert.Equal("runsc", (await kubelet.SandboxStatusAsync(seen.Sandbox)).Status.RuntimeHandler);
            }

            if (relist % RelistsOfOneGate == 0)
            {
                Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);
                gates++;
            }
        }

        Assert.Equal(Relists / RelistsOfOneGate, gates);
        // The rules see what there is to be seen.
        await Straight.StopAsync(pod.Main);
        Assert.Equal("container `main` does not run", await ReasonToActAsync(Straight, pod));
        await Straight.StopSandboxAsync(pod.Sandbox);
        Assert.Equal("no sandbox is ready", await ReasonToActAsync(Straight, pod));
        Assert.Equal("the network is another one", await ReasonToActAsync(Straight, raised with { Spec = raised.Spec with { HostNetwork = true } }));
    }

    /// <summary>
    /// By the kubelet's own rules (kubernetes, pkg/kubelet/kuberuntime: PodSandboxChanged in util, computePodActions); null where it leaves the pod as it is.
    /// The runtime's handler is not among what it compares.
    /// </summary>
    private static async Task<string?> ReasonToActAsync(Kubelet kubelet, RunningPod pod)
    {
        var sandboxes = new List<PodSandboxStatus>();
        foreach (var listed in (await kubelet.PodsAsync()).Where(s => s.Metadata.Uid == pod.Spec.Uid).OrderByDescending(static s => s.CreatedAt))
            sandboxes.Add((await kubelet.SandboxStatusAsync(listed.Id)).Status);
        if (sandboxes is not [var latest, ..])
            return "there is no sandbox";
        if (sandboxes.Count(static s => s.State == PodSandboxState.SandboxReady) > 1)
            return "several sandboxes are ready";
        if (latest.State != PodSandboxState.SandboxReady)
            return "no sandbox is ready";
        if (latest.Linux.Namespaces.Options.Network != (pod.Spec.HostNetwork ? NamespaceMode.Node : NamespaceMode.Pod))
            return "the network is another one";
        if (!pod.Spec.HostNetwork && latest.Network is { Ip: "" })
            return "the sandbox has no address";
        foreach (var container in await kubelet.ContainersAsync(latest.Id))
        {
            var status = (await kubelet.ContainerStatusAsync(container.Id)).Status;
            if (status.State != ContainerState.ContainerRunning)
                return $"container `{status.Metadata.Name}` does not run";
            if (status.Annotations["io.kubernetes.container.hash"] != ContainerSpec.Hash)
                return $"container `{status.Metadata.Name}` is another one";
        }

        return null;
    }
}
