using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using Google.Protobuf;

namespace CriGuard.Golden;

/// <summary>A folder with a policy, a request as protobuf JSON, what the runtime and the node say, and the verdict that is right.</summary>
/// <param name="Policy">`policy.yaml`, or all files of `policy/`.</param>
/// <param name="Method">The one key of `request.json`.</param>
/// <param name="Request">What stands under that key.</param>
/// <param name="Sandbox">`sandbox.json`: the runtime's status of the sandbox; null where it has what the request sends again. For RunPodSandbox, the one that the pod had before.</param>
/// <param name="Container">`container.json`: the runtime's verbose status of the container; needed for StartContainer, and where an exec is about more than an id.</param>
/// <param name="Image">`image.json`: the image service's status of the container's image; nothing is known of it where there is none.</param>
/// <param name="Node">`node.json`; nothing is known of the node where there is none.</param>
internal sealed record GoldenCase(
    CompiledPolicy Policy, string Method, string Request, PodSandboxStatusResponse? Sandbox, ContainerStatusResponse? Container,
    ImageStatusResponse? Image, GoldenNode Node)
{
    /// <summary>`containers.json`: the runtime's list of the sandbox's containers; null where nobody asked.</summary>
    public ListContainersResponse? Containers { get; init; }

    /// <summary>Decides as the daemon does: through the bytes, the readers and the engine.</summary>
    /// <exception cref="GoldenCaseException">The request is no message of its method.</exception>
    public Verdict Decide() => Method switch
    {
        "RunPodSandbox" => Engine.Evaluate(
            Policy, Node.Facts, SandboxReader.Read(Receive<RunPodSandboxRequest>()) with { Before = Sandbox is { } before ? SandboxReader.Read(before) : null }),
        "CreateContainer" => Engine.Evaluate(Policy, Node.Facts, ContainerFacts()),
        "StartContainer" => Engine.Evaluate(Policy, Node.Facts, StartFacts()),
        "PullImage" => Engine.Evaluate(Policy, Node.Facts, PullReader.Read(Receive<PullImageRequest>())),
        "RestorePod" => Engine.Evaluate(Policy, Node.Facts, RestoreFacts()),
        _ => Engine.Evaluate(Policy, Node.Facts, AccessFacts()),
    };

    private AccessFacts AccessFacts()
    {
        var path = $"/runtime.v1.RuntimeService/{Method}";
        if (!AccessReader.TryRead(path, ProtobufJson.Bytes(Method, Request), out var request))
            throw new GoldenCaseException("`request.json` cannot be read back from its bytes");
        var facts = request.Facts;
        if (Sandbox is null)
            return facts;
        facts = facts with { Sandbox = SandboxReader.Read(Sandbox) };
        if (Container is null)
            return facts with { Privileged = facts.Sandbox.Privileged };
        var container = StartReader.Read(Container, facts.Sandbox);
        return facts with { ContainerName = container.ContainerName, Image = container.Image, Privileged = container.Privileged };
    }

    private RestoreFacts RestoreFacts()
    {
        var facts = RestoreReader.Read(Receive<RestorePodRequest>());
        return facts with { Containers = [.. facts.Containers.Select(c => c with { Image = Named(c.Image), Mounts = Node.Follow(c.Mounts) })] };
    }

    private ContainerFacts ContainerFacts()
    {
        var request = Receive<CreateContainerRequest>();
        var sandbox = Pinned(request.Message.SandboxConfig ?? new PodSandboxConfig());
        var facts = ContainerReader.Read(request, sandbox);
        var image = Named(facts.Image);
        return facts with
        {
            Image = Image is null ? image : ImageReader.Read(image, Image),
            Neighbours = Containers is { } list ? NeighbourReader.Read(list, sandbox.Id) : null,
            ImageVolumes = [.. facts.ImageVolumes.Select(v => v with { Image = Named(v.Image) })],
            Mounts = Node.Follow(facts.Mounts),
        };
    }

    private StartFacts StartFacts()
    {
        var container = Container ?? throw NeedsContainer();
        var facts = StartReader.Read(container, Pinned(new PodSandboxConfig()));
        return facts with
        {
            Image = Named(facts.Image),
            Accounted = Node.Accounted()?.Contains(container.Status.Id),
            Spec = facts.Spec is { } spec ? Node.Follow(spec) : null,
            Asked = facts.Asked is { } asked ? asked with { Mounts = Node.Follow(asked.Mounts) } : null,
        };
    }

    private ImageFacts Named(ImageFacts image) => image with { Names = Node.Images.GetValueOrDefault(image.Reference, []) };

    private SandboxFacts Pinned(PodSandboxConfig resent) => Sandbox is { } status
        ? SandboxReader.Read(status)
        : SandboxReader.Read(Receive(new RunPodSandboxRequest { Config = resent }));

    private Received<T> Receive<T>()
        where T : class, IMessage<T>, new() => Receive(ProtobufJson.Parse<T>(Request, "request.json"));

    private static Received<T> Receive<T>(T message)
        where T : class, IMessage<T>, new() => Received.TryParse<T>(message.ToByteArray(), out var request)
        ? request
        : throw new GoldenCaseException("`request.json` cannot be read back from its bytes");

    private static GoldenCaseException NeedsContainer() =>
        new("a case of StartContainer needs `container.json`: put the runtime's verbose container status there");
}

/// <summary>A case that cannot be decided, and what to do about it.</summary>
internal sealed class GoldenCaseException(string message, Exception? cause = null) : Exception(message, cause);
