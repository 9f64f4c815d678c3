using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;
using Google.Protobuf;

namespace CriGuard.Tests.Daemon;

/// <summary>Pulls: what reaches the image service, what is answered and what is on record.</summary>
public sealed class PullTests
{
    private const string Rules = "[{ name: ours, mode: enforce, match: { namespaces: [team-a] }, images: { registries: [registry.example] } }]";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_permitted_pull_goes_on_byte_for_byte_with_its_credentials_and_they_are_on_no_record()
    {
        await using var daemon = await RunningDaemon.StartAsync(Rules);
        daemon.Runtime.Replies["PullImage"] = static _ => Task.FromResult<IMessage>(new PullImageResponse { ImageRef = "sha256:0f" });
        var request = Pull("registry.example/web:1");

        var reply = await daemon.ImageCallAsync("PullImage", request);

        Assert.Equal(StatusCode.Ok, reply.Status.Code);
        Assert.Equal(request, Assert.Single(daemon.Runtime.Requests).Message);
        var decided = await daemon.EventAsync(EventKinds.CallDecided, Patience);
        var answered = await daemon.EventAsync(EventKinds.CallAnswered, Patience);
        Assert.Equal("registry.example/web:1", decided.GetProperty("details").GetProperty("image").GetString());
        Assert.Equal("team-a", decided.GetProperty("pod").GetProperty("namespace").GetString());
        Assert.Equal("sha256:0f", answered.GetProperty("details").GetProperty("imageRef").GetString());
        Assert.All(Directory.GetFiles(daemon.EventDirectory, "*.jsonl"), static file => Assert.DoesNotContain("secret", File.ReadAllText(file)));
    }

    [Fact]
    public async Task A_refused_pull_never_reaches_the_image_service()
    {
        await using var daemon = await RunningDaemon.StartAsync(Rules, images: true);

        var reply = await daemon.ImageCallAsync("PullImage", Pull("docker.io/library/nginx:latest"));

        Assert.Equal(StatusCode.PermissionDenied, reply.Status.Code);
        Assert.Equal(
            "criguard: pod `team-a/web-0` asks for an image of `docker.io/library/nginx`: forbidden by rule `ours` (images); use an image of a registry that is allowed",
            reply.Status.Message);
        Assert.Empty(daemon.Runtime.Requests);
        Assert.Empty(daemon.Images!.Requests);
    }

    [Fact]
    public async Task An_image_that_is_removed_is_on_record_and_goes_on_though_it_could_not_be()
    {
        await using var daemon = await RunningDaemon.StartAsync(Rules, images: true);
        var request = new RemoveImageRequest { Image = new ImageSpec { Image = "docker.io/library/nginx:latest" } }.ToByteArray();

        var recorded = await daemon.ImageCallAsync("RemoveImage", request);
        var decided = await daemon.EventAsync(EventKinds.CallDecided, Patience);
        // A full disk is what images are removed for.
        Directory.Move(daemon.EventDirectory, daemon.EventDirectory + ".away");
        var unrecorded = await daemon.ImageCallAsync("RemoveImage", request);
        Directory.Move(daemon.EventDirectory + ".away", daemon.EventDirectory);

        Assert.Equal((StatusCode.Ok, StatusCode.Ok), (recorded.Status.Code, unrecorded.Status.Code));
        Assert.Equal("docker.io/library/nginx:latest", decided.GetProperty("details").GetProperty("image").GetString());
        Assert.Equal([request, request], daemon.Images!.Requests.Select(static r => r.Message));
        Assert.Empty(daemon.Runtime.Requests);
    }

    [Fact]
    public async Task A_pull_goes_to_the_image_service_where_that_is_not_the_runtimes()
    {
        await using var daemon = await RunningDaemon.StartAsync(Rules, images: true);

        await daemon.ImageCallAsync("PullImage", Pull("registry.example/web:1"));
        await daemon.ImageCallAsync("ListImages", []);

        Assert.Equal(["PullImage", "ListImages"], daemon.Images!.Requests.Select(static r => r.Method));
        Assert.Empty(daemon.Runtime.Requests);
    }

    // P10: a pull has no deadline, only a caller that may go.
    [Fact]
    public async Task A_pull_that_its_caller_gives_up_ends_at_the_image_service_too()
    {
        await using var daemon = await RunningDaemon.StartAsync(Rules);
        using var caller = new CancellationTokenSource();
        var (pulling, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        daemon.Runtime.Replies["PullImage"] = async gone =>
        {
            gone.Register(ended.SetResult);
            pulling.SetResult();
            await Task.Delay(Timeout.Infinite, gone);
            return new PullImageResponse();
        };

        var call = daemon.ImageCallAsync("PullImage", Pull("registry.example/web:1"), caller.Token);
        await pulling.Task.WaitAsync(Patience);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_pull_that_is_no_message_is_not_forwarded()
    {
        await using var daemon = await RunningDaemon.StartAsync();

        var reply = await daemon.ImageCallAsync("PullImage", [0xff, 0xff, 0xff]);

        Assert.Equal(StatusCode.Internal, reply.Status.Code);
        Assert.Empty(daemon.Runtime.Requests);
    }

    // The runtime's working directory is the root, so a name of the root's own is one that is there on every machine.
    [Fact]
    public async Task T_P1_I6_a_path_of_the_node_is_no_image_whatever_the_policy_says()
    {
        await using var daemon = await RunningDaemon.StartAsync();

        var created = await daemon.CallAsync("CreateContainer", new CreateContainerRequest
        {
            PodSandboxId = "5a0dbc", Config = new ContainerConfig { Image = new ImageSpec { Image = "usr/bin" } },
        });
        var pulled = await daemon.ImageCallAsync("PullImage", Pull("usr/bin"));

        Assert.Equal((StatusCode.PermissionDenied, StatusCode.PermissionDenied), (created.Status.Code, pulled.Status.Code));
        Assert.Contains("`usr/bin`, which is a file of the node", created.Status.Message);
        Assert.DoesNotContain(daemon.Runtime.Requests, static r => r.Method is "CreateContainer" or "PullImage");
    }

    [Fact]
    public async Task T_D1_a_device_is_judged_by_what_this_node_calls_it()
    {
        await using var daemon = await RunningDaemon.StartAsync("[{ name: ours, mode: enforce, devices: { allow: [{ path: /dev/zero }] } }]");

        var allowed = await daemon.CallAsync("CreateContainer", WithDevice("/dev/zero"));
        using var directory = new TempDirectory();
        File.CreateSymbolicLink(directory.File("zero"), "/dev/full");
        var refused = await daemon.CallAsync("CreateContainer", WithDevice(directory.File("zero")));
        var hidden = await daemon.CallAsync("CreateContainer", WithDevice("/proc/self/root/dev/zero"));

        Assert.Equal(StatusCode.Ok, allowed.Status.Code);
        Assert.Equal(StatusCode.PermissionDenied, refused.Status.Code);
        Assert.Contains("which is `/dev/full`", refused.Status.Message);
        Assert.Equal(StatusCode.PermissionDenied, hidden.Status.Code);
    }

    [Fact]
    public async Task T_H6_the_handler_that_a_pod_asks_for_is_on_record_and_so_is_that_it_asks_for_none()
    {
        await using var daemon = await RunningDaemon.StartAsync();

        await daemon.CallAsync("RunPodSandbox", new RunPodSandboxRequest { Config = Sandbox() });

        var decided = await daemon.EventAsync(EventKinds.CallDecided, Patience);
        Assert.Equal("", decided.GetProperty("details").GetProperty("runtimeHandler").GetString());
    }

    private static CreateContainerRequest WithDevice(string path) => new()
    {
        PodSandboxId = "5a0dbc",
        Config = new ContainerConfig { Devices = { new Device { HostPath = path, ContainerPath = "/dev/x", Permissions = "rw" } } },
    };

    /// <summary>With a user name and a password in field 2.</summary>
    private static byte[] Pull(string image) =>
    [
        .. new PullImageRequest { Image = new ImageSpec { Image = image }, SandboxConfig = Sandbox() }.ToByteArray(),
        0x12, 14, 0x0a, 4, .. "user"u8, 0x12, 6, .. "secret"u8,
    ];

    private static PodSandboxConfig Sandbox() => new() { Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c" } };
}
