using System.Collections.Immutable;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon.Judging;
using CriGuard.Grpc.Calls;
using Google.Protobuf;

namespace CriGuard.Daemon;

/// <summary>What CriGuard asks the runtime itself: it keeps no state that it can read again.</summary>
internal sealed class RuntimeQuestions(RuntimeGate runtime, RuntimeGate images)
{
    /// <summary>The path of questions that belong to no client's call.</summary>
    public const string OfOurOwn = "/runtime.v1.RuntimeService/";

    /// <summary>All sandboxes, those that ended among them.</summary>
    /// <exception cref="CannotJudgeException">The runtime does not answer.</exception>
    public async Task<IReadOnlyList<PodSandbox>> SandboxesAsync(string path, CancellationToken cancelled) =>
        (await AskAsync<ListPodSandboxResponse>(path, "ListPodSandbox", new ListPodSandboxRequest(), cancelled)).Items;

    /// <summary>The sandbox that a pod of this namespace and name had last; null where the runtime has none (any more).</summary>
    /// <exception cref="CannotJudgeException">The runtime does not answer.</exception>
    public async Task<SandboxFacts?> BeforeAsync(string path, PodIdentity pod, CancellationToken cancelled)
    {
        // By the labels that every kubelet gives (k8s.io/cri, labels.go), so that a node's whole list need not be sent for one pod.
        var named = new PodSandboxFilter { LabelSelector = { ["io.kubernetes.pod.namespace"] = pod.Namespace, ["io.kubernetes.pod.name"] = pod.Name } };
        var found = await AskAsync<ListPodSandboxResponse>(path, "ListPodSandbox", new ListPodSandboxRequest { Filter = named }, cancelled);
        var last = found.Items.Where(item => item.Metadata?.Namespace == pod.Namespace && item.Metadata.Name == pod.Name).MaxBy(static item => item.CreatedAt);
        return last is null ? null : new SandboxFacts { Pod = pod, Id = last.Id, RuntimeHandler = last.RuntimeHandler };
    }

    /// <summary>All containers of a sandbox, those that ended among them.</summary>
    /// <exception cref="CannotJudgeException">The runtime does not answer.</exception>
    public async Task<IReadOnlyList<Container>> ContainersAsync(string path, string sandboxId, CancellationToken cancelled) =>
        (await ListAsync(path, new ContainerFilter { PodSandboxId = sandboxId }, cancelled)).Containers;

    /// <summary>All that the runtime says of a sandbox.</summary>
    /// <exception cref="CannotJudgeException">The runtime has no such sandbox, or does not answer.</exception>
    public Task<PodSandboxStatusResponse> SandboxStatusAsync(string path, string id, CancellationToken cancelled) =>
        AskAsync<PodSandboxStatusResponse>(path, "PodSandboxStatus", new PodSandboxStatusRequest { PodSandboxId = id, Verbose = true }, cancelled);

    /// <summary>The sandbox as it was run.</summary>
    /// <exception cref="CannotJudgeException">The runtime has no such sandbox, or does not answer.</exception>
    public async Task<SandboxFacts> SandboxAsync(string path, string id, CancellationToken cancelled)
    {
        var status = await SandboxStatusAsync(path, id, cancelled);
        // Without it every rule that names namespaces or labels would pass the pod by.
        return status.Status?.Metadata is not null
            ? SandboxReader.Read(status)
            : throw new CannotJudgeException(new GrpcStatus(StatusCode.Internal, $"criguard: the runtime does not tell which pod sandbox `{id}` is of"));
    }

    /// <summary>The container as it was created, with its runtime spec where the runtime tells it.</summary>
    /// <exception cref="CannotJudgeException">The runtime has no such container, or does not answer.</exception>
    public Task<ContainerStatusResponse> ContainerAsync(string path, string id, CancellationToken cancelled) =>
        AskAsync<ContainerStatusResponse>(path, "ContainerStatus", new ContainerStatusRequest { ContainerId = id, Verbose = true }, cancelled);

    /// <summary>State and times of a container, and how it ended.</summary>
    /// <exception cref="CannotJudgeException">The runtime has no such container, or does not answer.</exception>
    public async Task<ContainerStatus?> StateAsync(string path, string id, CancellationToken cancelled) =>
        (await AskAsync<ContainerStatusResponse>(path, "ContainerStatus", new ContainerStatusRequest { ContainerId = id }, cancelled)).Status;

    /// <summary>Id of a container's sandbox: from its verbose status, else from the list (a runtime need not tell more than the CRI asks).</summary>
    /// <exception cref="CannotJudgeException">The runtime does not know it, or does not answer.</exception>
    public async Task<string> SandboxIdAsync(string path, string containerId, ContainerStatusResponse status, CancellationToken cancelled)
    {
        if (StartReader.SandboxId(status) is { Length: > 0 } id)
            return id;
        return (await ListedAsync(path, containerId, cancelled)).PodSandboxId;
    }

    /// <summary>
    /// The access with the container and the sandbox that it is about; as it was where the runtime does not know them (any more). A container's
    /// labels name a pod too, but whoever made the container wrote them.
    /// </summary>
    public async Task<AccessFacts> FindAsync(string path, AccessFacts facts, CancellationToken cancelled)
    {
        try
        {
            var container = facts.ContainerId.Length > 0 ? await ListedAsync(path, facts.ContainerId, cancelled) : null;
            var id = container?.PodSandboxId ?? facts.SandboxId;
            if (id.Length == 0)
                return facts;
            var status = await AskAsync<PodSandboxStatusResponse>(path, "PodSandboxStatus", new PodSandboxStatusRequest { PodSandboxId = id }, cancelled);
            return status.Status?.Metadata is null ? facts : facts with
            {
                Sandbox = SandboxReader.Read(status),
                // Whole: a caller may name it by the beginning of its id.
                ContainerId = container?.Id ?? facts.ContainerId,
                ContainerName = container?.Metadata?.Name,
                Image = container is null ? null : new ImageFacts(container.Image?.Image ?? "", container.Image?.UserSpecifiedImage ?? ""),
            };
        }
        catch (CannotJudgeException)
        {
            // The runtime's own answer to the call will say so; a rule that denies refuses what nobody knows.
            return facts;
        }
    }

    /// <summary>The access with whether its workload is privileged, and the resources that a container had before; what the runtime does not tell is left out.</summary>
    public async Task<(AccessFacts Facts, ImmutableSortedDictionary<string, string> Before)> LookAsync(
        string path, AccessFacts facts, CancellationToken cancelled)
    {
        var nothing = ImmutableSortedDictionary<string, string>.Empty;
        if (facts.Sandbox is not { } sandbox)
            return (facts, nothing);
        try
        {
            if (facts.ContainerId.Length == 0)
                return (facts with { Privileged = (await SandboxAsync(path, sandbox.Id, cancelled)).Privileged }, nothing);
            var status = await ContainerAsync(path, facts.ContainerId, cancelled);
            return (facts with { Privileged = StartReader.Read(status, sandbox).Privileged }, UpdateReader.Before(status));
        }
        catch (CannotJudgeException)
        {
            return (facts, nothing);
        }
    }

    /// <summary>The containers that a sandbox has.</summary>
    /// <exception cref="CannotJudgeException">The runtime does not answer.</exception>
    public async Task<ImmutableArray<Neighbour>> NeighboursAsync(string path, string sandboxId, CancellationToken cancelled) =>
        NeighbourReader.Read(await ListAsync(path, new ContainerFilter { PodSandboxId = sandboxId }, cancelled), sandboxId);

    /// <summary>Names of the runtime's handlers; null where it does not tell.</summary>
    /// <exception cref="CannotJudgeException">The runtime does not answer.</exception>
    public async Task<ImmutableSortedSet<string>?> HandlersAsync(string path, CancellationToken cancelled) =>
        HandlersReader.Read(await StatusAsync(path, cancelled));

    /// <summary>What the runtime says of itself, its configuration included where it tells.</summary>
    /// <exception cref="CannotJudgeException">The runtime does not answer.</exception>
    public Task<StatusResponse> StatusAsync(string path, CancellationToken cancelled) =>
        AskAsync<StatusResponse>(path, "Status", new StatusRequest { Verbose = true }, cancelled);

    /// <summary>Its name and version.</summary>
    /// <exception cref="CannotJudgeException">The runtime does not answer.</exception>
    public Task<VersionResponse> VersionAsync(string path, CancellationToken cancelled) => AskAsync<VersionResponse>(path, "Version", new VersionRequest(), cancelled);

    /// <summary>The image with what the node knows of it.</summary>
    /// <exception cref="CannotJudgeException">The image service does not answer.</exception>
    public async Task<ImageFacts> ImageAsync(string path, ImageFacts image, CancellationToken cancelled)
    {
        var question = new ImageStatusRequest { Image = new ImageSpec { Image = image.Reference } };
        var reply = await images.AskAsync(PackageOf(path) + "ImageService/", "ImageStatus", question, cancelled);
        return ImageReader.Read(image, Parse<ImageStatusResponse>("ImageStatus", reply));
    }

    private async Task<Container> ListedAsync(string path, string containerId, CancellationToken cancelled)
    {
        var list = await ListAsync(path, new ContainerFilter { Id = containerId }, cancelled);
        return list.Containers.FirstOrDefault(found => found.Id.StartsWith(containerId, StringComparison.Ordinal))
            ?? throw new CannotJudgeException(new GrpcStatus(StatusCode.NotFound, $"criguard: the runtime has no container `{containerId}`"));
    }

    private Task<ListContainersResponse> ListAsync(string path, ContainerFilter filter, CancellationToken cancelled) =>
        AskAsync<ListContainersResponse>(path, "ListContainers", new ListContainersRequest { Filter = filter }, cancelled);

    private async Task<T> AskAsync<T>(string path, string method, IMessage question, CancellationToken cancelled)
        where T : class, IMessage<T>, new() => Parse<T>(method, await runtime.AskAsync(PackageOf(path) + "RuntimeService/", method, question, cancelled));

    private static T Parse<T>(string method, ReadOnlyMemory<byte> reply)
        where T : class, IMessage<T>, new()
    {
        return Received.TryParseMessage<T>(reply.Span, out var message)
            ? message
            : throw new CannotJudgeException(new GrpcStatus(StatusCode.Internal, $"criguard: the runtime's answer to `{method}` is not a valid message"));
    }

    /// <summary>The CRI version that the client speaks: containerd 2 has v1 only, old CRI-O v1alpha2 only.</summary>
    private static string PackageOf(string path) => path.StartsWith("/runtime.v1alpha2.", StringComparison.Ordinal) ? "/runtime.v1alpha2." : "/runtime.v1.";
}
