using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;

namespace CriGuard.TestBed;

/// <summary>The kubelet's side of the CRI on any socket: the calls it makes, in the order and with the content it makes them.</summary>
/// <param name="names">What the node of this kubelet calls things.</param>
/// <param name="server">The runtime, or a gate before it.</param>
public sealed class Kubelet(NodeNames names, EndPoint server) : IDisposable
{
    private const string RuntimeService = "/runtime.v1.RuntimeService/";
    private const string ImageService = "/runtime.v1.ImageService/";

    public Kubelet(Node node, string socketPath)
        : this(node.Names, new UnixDomainSocketEndPoint(socketPath))
    {
    }

    /// <summary>The connection, for calls that are to be compared byte by byte.</summary>
    public GrpcChannel Channel { get; } = new(server);

    public Task<VersionResponse> VersionAsync(CancellationToken cancellation = default) =>
        Channel.CallAsync<VersionResponse>(RuntimeService + "Version", new VersionRequest { Version = "0.1.0" }, cancellation);

    public Task<StatusResponse> StatusAsync(bool verbose = false, CancellationToken cancellation = default) =>
        Channel.CallAsync<StatusResponse>(RuntimeService + "Status", new StatusRequest { Verbose = verbose }, cancellation);

    /// <summary>Starts a pod as the kubelet does: sandbox, then each container, with the looks at their status in between.</summary>
    /// <exception cref="CallFailedException">A step was refused; what was made of the pod until then is removed.</exception>
    public async Task<RunningPod> RunAsync(PodSpec pod, CancellationToken cancellation = default)
    {
        var sandbox = await RunSandboxAsync(pod, cancellation);
        try
        {
            await SandboxStatusAsync(sandbox, cancellation: cancellation);
            var containers = new List<string>();
            foreach (var container in pod.Containers)
            {
                await ImageStatusAsync(container.Image, cancellation);
                var id = await CreateAsync(sandbox, pod, container, cancellation);
                await StartAsync(id, cancellation);
                containers.Add(id);
            }

            return new RunningPod(this, pod, sandbox, containers);
        }
        catch
        {
            await RemovePodAsync(sandbox, CancellationToken.None);
            throw;
        }
    }

    /// <returns>The sandbox's id.</returns>
    public async Task<string> RunSandboxAsync(PodSpec pod, CancellationToken cancellation = default)
    {
        var request = new RunPodSandboxRequest { Config = Sandbox(pod), RuntimeHandler = pod.Handler };
        var response = await Channel.CallAsync<RunPodSandboxResponse>(RuntimeService + "RunPodSandbox", request, cancellation);
        return response.PodSandboxId;
    }

    /// <returns>The container's id.</returns>
    public async Task<string> CreateAsync(string sandbox, PodSpec pod, ContainerSpec container, CancellationToken cancellation = default)
    {
        var request = CreateRequest(sandbox, pod, container);
        var response = await Channel.CallAsync<CreateContainerResponse>(RuntimeService + "CreateContainer", request, cancellation);
        return response.ContainerId;
    }

    /// <summary>What <see cref="CreateAsync"/> sends, for those who send it otherwise.</summary>
    public CreateContainerRequest CreateRequest(string sandbox, PodSpec pod, ContainerSpec container) => new()
    {
        PodSandboxId = sandbox,
        Config = KubeletMessages.Container(pod, container),
        SandboxConfig = Sandbox(pod),
    };

    public Task StartAsync(string container, CancellationToken cancellation = default) =>
        Channel.CallAsync<Empty>(RuntimeService + "StartContainer", new ContainerRequest { ContainerId = container }, cancellation);

    public Task UpdateAsync(string container, LinuxContainerResources resources, CancellationToken cancellation = default) =>
        Channel.CallAsync<Empty>(
            RuntimeService + "UpdateContainerResources", new UpdateContainerResourcesRequest { ContainerId = container, Linux = resources }, cancellation);

    /// <summary>Stops a container: it is killed <paramref name="grace"/> seconds after the signal to stop.</summary>
    public Task StopAsync(string container, int grace = 30, CancellationToken cancellation = default) =>
        Channel.CallAsync<Empty>(RuntimeService + "StopContainer", new StopContainerRequest { ContainerId = container, Timeout = grace }, cancellation);

    public Task StopSandboxAsync(string sandbox, CancellationToken cancellation = default) =>
        Channel.CallAsync<Empty>(RuntimeService + "StopPodSandbox", new PodSandboxRequest { PodSandboxId = sandbox }, cancellation);

    /// <summary>After the kubelet has moved a log away.</summary>
    public Task ReopenLogAsync(string container, CancellationToken cancellation = default) =>
        Channel.CallAsync<Empty>(RuntimeService + "ReopenContainerLog", new ContainerRequest { ContainerId = container }, cancellation);

    public async Task<ContainerStats> StatsAsync(string container, CancellationToken cancellation = default) =>
        (await Channel.CallAsync<ContainerStatsResponse>(RuntimeService + "ContainerStats", new ContainerRequest { ContainerId = container }, cancellation)).Stats;

    public async Task<IReadOnlyList<ContainerStats>> StatsOfPodAsync(string sandbox, CancellationToken cancellation = default)
    {
        var request = new ListContainerStatsRequest { Filter = new ContainerStatsFilter { PodSandboxId = sandbox } };
        return (await Channel.CallAsync<ListContainerStatsResponse>(RuntimeService + "ListContainerStats", request, cancellation)).Stats;
    }

    public async Task<IReadOnlyList<PodSandboxStats>> SandboxStatsAsync(string sandbox, CancellationToken cancellation = default)
    {
        var request = new ListPodSandboxStatsRequest { Filter = new PodSandboxStatsFilter { Id = sandbox } };
        return (await Channel.CallAsync<ListPodSandboxStatsResponse>(RuntimeService + "ListPodSandboxStats", request, cancellation)).Stats;
    }

    public Task RemoveAsync(string container, CancellationToken cancellation = default) =>
        Channel.CallAsync<Empty>(RuntimeService + "RemoveContainer", new ContainerRequest { ContainerId = container }, cancellation);

    public Task<ContainerStatusResponse> ContainerStatusAsync(
        string container, bool verbose = false, CancellationToken cancellation = default) =>
        Channel.CallAsync<ContainerStatusResponse>(
            RuntimeService + "ContainerStatus", new ContainerRequest { ContainerId = container, Verbose = verbose }, cancellation);

    public Task<PodSandboxStatusResponse> SandboxStatusAsync(
        string sandbox, bool verbose = false, CancellationToken cancellation = default) =>
        Channel.CallAsync<PodSandboxStatusResponse>(
            RuntimeService + "PodSandboxStatus", new PodSandboxRequest { PodSandboxId = sandbox, Verbose = verbose }, cancellation);

    public async Task<IReadOnlyList<PodSandboxStatusLine>> PodsAsync(CancellationToken cancellation = default) =>
        (await Channel.CallAsync<ListPodSandboxResponse>(RuntimeService + "ListPodSandbox", new Empty(), cancellation)).Items;

    public async Task<IReadOnlyList<Container>> ContainersAsync(string? sandbox = null, CancellationToken cancellation = default)
    {
        var request = new ListContainersRequest { Filter = new ContainerFilter { PodSandboxId = sandbox ?? "" } };
        return (await Channel.CallAsync<ListContainersResponse>(RuntimeService + "ListContainers", request, cancellation)).Containers;
    }

    public Task<ImageStatusResponse> ImageStatusAsync(string image, CancellationToken cancellation = default) =>
        Channel.CallAsync<ImageStatusResponse>(
            ImageService + "ImageStatus", new ImageStatusRequest { Image = new ImageSpec { Image = image } }, cancellation);

    /// <returns>What the node knows the image by.</returns>
    public async Task<string> PullAsync(string image, PodSpec pod, CancellationToken cancellation = default)
    {
        var request = new PullImageRequest { Image = new ImageSpec { Image = image }, Auth = new AuthConfig { Username = "puller", Password = "swordfish" }, SandboxConfig = Sandbox(pod) };
        return (await Channel.CallAsync<PullImageResponse>(ImageService + "PullImage", request, cancellation)).ImageRef;
    }

    public async Task<IReadOnlyList<Image>> ImagesAsync(CancellationToken cancellation = default) =>
        (await Channel.CallAsync<ListImagesResponse>(ImageService + "ListImages", new Empty(), cancellation)).Images;

    /// <summary>Runs a command inside a container and returns what it wrote to its standard output.</summary>
    public async Task<ExecSyncResponse> ExecAsync(string container, params string[] command) =>
        await Channel.CallAsync<ExecSyncResponse>(
            RuntimeService + "ExecSync", new ExecSyncRequest { ContainerId = container, Cmd = { command }, Timeout = 60 });

    /// <summary>Asks for a streaming session; the reply names the runtime's own streaming server.</summary>
    public Task<Uri> ExecUrlAsync(string container, params string[] command) =>
        SessionAsync("Exec", new ExecRequest { ContainerId = container, Cmd = { command }, Stdin = true, Stdout = true, Stderr = true });

    /// <summary>The same for what the container's own process writes.</summary>
    public Task<Uri> AttachUrlAsync(string container) => SessionAsync("Attach", new AttachRequest { ContainerId = container, Stdout = true, Stderr = true });

    /// <summary>The same for a port of the pod.</summary>
    public Task<Uri> PortForwardUrlAsync(string sandbox, int port) => SessionAsync("PortForward", new PortForwardRequest { PodSandboxId = sandbox, Port = { port } });

    /// <summary>What happens to containers from now on, for as long as it is read.</summary>
    public IAsyncEnumerable<ContainerEventResponse> EventsAsync(CancellationToken cancellation) =>
        Channel.StreamAsync<ContainerEventResponse>(RuntimeService + "GetContainerEvents", new Empty(), cancellation);

    /// <summary>Stops and removes a pod with all its containers, as the kubelet's cleanup does.</summary>
    public async Task RemovePodAsync(string sandbox, CancellationToken cancellation = default)
    {
        var request = new PodSandboxRequest { PodSandboxId = sandbox };
        await StopSandboxAsync(sandbox, cancellation);
        foreach (var container in await ContainersAsync(sandbox, cancellation))
            await RemoveAsync(container.Id, cancellation);
        await Channel.CallAsync<Empty>(RuntimeService + "RemovePodSandbox", request, cancellation);
    }

    /// <summary>Waits until a container has ended and returns its exit code.</summary>
    public async Task<int> ExitCodeAsync(string container, CancellationToken cancellation)
    {
        while (true)
        {
            var status = (await ContainerStatusAsync(container, cancellation: cancellation)).Status;
            if (status.State == ContainerState.ContainerExited)
                return status.ExitCode;
        }
    }

    /// <summary>What the kernel says of a container's first process.</summary>
    public async Task<ProcessView> ProcessAsync(string container)
    {
        // containerd and CRI-O give the pid in the verbose status, in JSON of their own.
        var status = await ContainerStatusAsync(container, verbose: true);
        using var info = JsonDocument.Parse(status.Info["info"]);
        return ProcessView.Read(info.RootElement.GetProperty("pid").GetInt32());
    }

    /// <summary>Standard output of a busybox applet inside a container.</summary>
    /// <remarks>By its full name: busybox's own shell runs applets that the file system does not have.</remarks>
    public async Task<string> AppletAsync(string container, params string[] applet)
    {
        var answer = await ExecAsync(container, ["/bin/busybox", .. applet]);
        return Encoding.UTF8.GetString(answer.Stdout.Span);
    }

    public void Dispose() => Channel.Dispose();

    private async Task<Uri> SessionAsync(string method, Google.Protobuf.IMessage request) =>
        new((await Channel.CallAsync<ExecResponse>(RuntimeService + method, request)).Url);

    private PodSandboxConfig Sandbox(PodSpec pod) => KubeletMessages.Sandbox(pod, names.CgroupParent(pod), names.LogDirectory(pod));
}
