using System.Collections.Immutable;
using CriGuard.Core.Events;
using CriGuard.Core.Replay;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Grpc.Calls;
using Google.Protobuf;

namespace CriGuard.Replay;

/// <summary>Judges the pods that are on the node as if they were run now: by the daemon's own judges, on requests that are never sent.</summary>
/// <param name="runtime">Only asked what it has.</param>
/// <param name="judge">With the policy that is tried.</param>
/// <param name="caller">Who is taken to make the calls.</param>
internal sealed class NodeReplay(RuntimeQuestions runtime, Judge judge, Caller caller)
{
    private const string Service = RuntimeQuestions.OfOurOwn;

    /// <summary>All pods whose sandbox runs.</summary>
    /// <exception cref="CannotJudgeException">The runtime does not say what it has.</exception>
    public async Task<IReadOnlyList<ReplayedPod>> PodsAsync(CancellationToken cancelled)
    {
        var pods = new List<ReplayedPod>();
        foreach (var sandbox in await runtime.SandboxesAsync(Service, cancelled))
        {
            if (sandbox.State == PodSandboxState.SandboxReady && await PodAsync(sandbox, cancelled) is { } pod)
                pods.Add(pod);
        }

        return pods;
    }

    private async Task<ReplayedPod?> PodAsync(PodSandbox sandbox, CancellationToken cancelled)
    {
        var identity = SandboxReader.Identity(sandbox.Metadata);
        var labels = sandbox.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal);
        try
        {
            var status = await runtime.SandboxStatusAsync(Service, sandbox.Id, cancelled);
            var config = SentConfig.Read(status);
            var parts = ImmutableArray.CreateBuilder<ReplayedPart>();
            // A runtime that does not keep requests says enough of the sandbox with each container's spec.
            if (config is not null)
                parts.Add(await SandboxAsync(config, status.Status?.RuntimeHandler ?? "", cancelled));
            foreach (var container in Latest(await runtime.ContainersAsync(Service, sandbox.Id, cancelled)))
            {
                if (await ContainerAsync(sandbox.Id, config, container, cancelled) is { } part)
                    parts.Add(part);
            }

            return new ReplayedPod(identity, labels, parts.ToImmutable());
        }
        catch (CannotJudgeException e) when (e.Status.Code == StatusCode.NotFound)
        {
            // Pods and containers go while they are looked at.
            return null;
        }
        catch (CannotJudgeException e)
        {
            return new ReplayedPod(identity, labels, [new ReplayedPart { Container = "", Basis = ReplayBasis.Request, Reason = e.Message }]);
        }
    }

    /// <summary>Of each name the last attempt, ended or not: a container that crashes is made again, and so are all when the pod is.</summary>
    private static IEnumerable<Container> Latest(IEnumerable<Container> containers) => containers
        .GroupBy(static c => c.Metadata?.Name ?? "", StringComparer.Ordinal)
        .OrderBy(static same => same.Key, StringComparer.Ordinal)
        .Select(static same => same.MaxBy(static c => c.Metadata?.Attempt ?? 0)!);

    private Task<ReplayedPart> SandboxAsync(PodSandboxConfig config, string handler, CancellationToken cancelled) =>
        JudgeAsync("", ReplayBasis.Request, "RunPodSandbox", new RunPodSandboxRequest { Config = config, RuntimeHandler = handler }, cancelled);

    private async Task<ReplayedPart?> ContainerAsync(string sandboxId, PodSandboxConfig? sandbox, Container container, CancellationToken cancelled)
    {
        string name = container.Metadata?.Name ?? "";
        try
        {
            var status = await runtime.ContainerAsync(Service, container.Id, cancelled);
            if (sandbox is null || SentConfig.Read(status) is not { } config)
                return await JudgeAsync(name, ReplayBasis.Spec, "StartContainer", new StartContainerRequest { ContainerId = container.Id }, cancelled);
            var request = new CreateContainerRequest { PodSandboxId = sandboxId, Config = config, SandboxConfig = sandbox };
            return await JudgeAsync(name, ReplayBasis.Request, "CreateContainer", request, cancelled);
        }
        catch (CannotJudgeException e) when (e.Status.Code == StatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<ReplayedPart> JudgeAsync(string container, ReplayBasis basis, string method, IMessage request, CancellationToken cancelled)
    {
        var part = new ReplayedPart { Container = container, Basis = basis };
        try
        {
            var judged = await judge.JudgeAsync(new CallRequest(Service + method, request.ToByteArray(), cancelled), caller);
            return part with { Verdict = judged.Verdict };
        }
        catch (CannotJudgeException e) when (e.Status.Code != StatusCode.NotFound)
        {
            return part with { Reason = e.Message };
        }
    }
}
