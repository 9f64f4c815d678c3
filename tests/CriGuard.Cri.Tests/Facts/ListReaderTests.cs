using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using Google.Protobuf;

namespace CriGuard.Cri.Tests.Facts;

/// <summary>Devices, annotations, image volumes and resources of a container, and all of a pull.</summary>
public sealed class ListReaderTests
{
    private static readonly SandboxFacts Pinned = new() { Pod = new PodIdentity("team-a", "web-0", "2f1c") };

    [Fact]
    public void A_container_gives_what_it_is_given_of_the_node()
    {
        var request = Messages.CreateContainer();
        request.Config.Devices.Add(new Device { HostPath = "/dev/fuse", ContainerPath = "/dev/f", Permissions = "rwm" });
        request.Config.CDIDevices.Add(new CDIDevice { Name = "vendor.com/gpu=0" });
        request.Config.Annotations["run.oci.handler"] = "wasm";
        request.Config.Mounts.Add(new Mount { ContainerPath = "/plain", HostPath = "/srv" });
        request.Config.Mounts.Add(new Mount { ContainerPath = "/models", Image = new ImageSpec { Image = "sha256:0e", UserSpecifiedImage = "models:1" } });
        request.Config.Linux.Resources = new LinuxContainerResources { OomScoreAdj = -999, Unified = { ["memory.high"] = "1" } };
        request.SandboxConfig.Linux.CgroupParent = "/kubepods/pod2f1c";

        var facts = ContainerReader.Read(Messages.Receive(request), Pinned);

        Assert.Equal(new DeviceRequest("/dev/fuse", "/dev/f", "rwm"), Assert.Single(facts.Devices));
        Assert.Equal("vendor.com/gpu=0", Assert.Single(facts.CdiDevices));
        Assert.Equal("wasm", facts.Annotations["run.oci.handler"]);
        Assert.Equal(new ImageVolume("/models", "", new ImageFacts("sha256:0e", "models:1")), Assert.Single(facts.ImageVolumes));
        Assert.Equal(-999, facts.OomScoreAdj);
        Assert.Equal("memory.high", Assert.Single(facts.Unified));
        Assert.Equal("/kubepods/pod2f1c", facts.Resent!.CgroupParent);
    }

    [Fact]
    public void The_spec_gives_devices_hooks_and_resources()
    {
        var facts = StartReader.Read(Status("""
            {
              "process": { "oomScoreAdj": -998 },
              "hooks": { "createRuntime": [{ "path": "/bin/a" }], "poststop": [{ "path": "/bin/a" }, { "path": "/bin/b" }] },
              "linux": {
                "cgroupsPath": "system.slice:cri:c",
                "devices": [{ "path": "/dev/x", "type": "b", "major": 8, "minor": 1 }, { "path": "/dev/y", "type": "c", "major": 10, "minor": 229 }],
                "resources": { "unified": { "io.max": "1" }, "devices": [{ "allow": false, "access": "rwm" }] }
              }
            }
            """), Pinned);

        Assert.Equal([new SpecDevice("/dev/x", DeviceKind.Block, 8, 1), new SpecDevice("/dev/y", DeviceKind.Character, 10, 229)], facts.Spec!.Devices.ToArray());
        Assert.Equal(["b 8:1", "c 10:229"], facts.Spec.Devices.Select(static d => d.Number));
        Assert.Equal(["/bin/a", "/bin/b"], facts.Spec.Hooks.ToArray());
        Assert.Equal(("system.slice:cri:c", -998L, "io.max"), (facts.Spec.CgroupsPath, facts.Spec.OomScoreAdj, Assert.Single(facts.Spec.Unified)));
        Assert.Equal("1", facts.Annotations["a"]);
    }

    [Theory]
    [InlineData("""{ "allow": true, "access": "rwm" }""", true)]
    [InlineData("""{ "allow": true, "type": "b", "major": -1, "access": "rw" }""", true)]
    [InlineData("""{ "allow": true, "type": "c", "access": "m" }""", false)]
    [InlineData("""{ "allow": true, "type": "c", "major": 136, "access": "rwm" }""", false)]
    [InlineData("""{ "allow": false, "access": "rwm" }""", false)]
    public void Access_to_devices_of_any_number_is_seen(string entry, bool all) => Assert.Equal(
        all, StartReader.Read(Status($$"""{ "process": {}, "linux": { "resources": { "devices": [{{entry}}] } } }"""), Pinned).Spec!.AllDevices);

    [Fact]
    public void A_pull_gives_the_image_and_its_pod()
    {
        var facts = PullReader.Read(Messages.Receive(Pull()));

        Assert.Equal(new PodIdentity("team-a", "web-0", "2f1c"), facts.Sandbox.Pod);
        Assert.Equal("kata", facts.Sandbox.RuntimeHandler);
        Assert.Equal(new ImageFacts("registry.example/web:1", "web"), facts.Image);
        Assert.Equal("1", facts.Annotations["io.containerd.cri.runtime-handler"]);
        Assert.Empty(facts.Anomalies);
    }

    [Fact]
    public void Credentials_of_a_pull_go_on_as_they_came_and_are_in_no_fact()
    {
        var bytes = WithCredentials(Pull());

        var received = Messages.Receive<PullImageRequest>(bytes);

        Assert.Equal(bytes, RequestPatcher.Apply(received, []).ToArray());
        Assert.DoesNotContain("secret", PullReader.Read(received).ToString(), StringComparison.Ordinal);
        Assert.Empty(received.Anomalies);
    }

    [Fact]
    public void A_pull_that_says_a_thing_twice_goes_on_as_it_was_judged_with_its_credentials()
    {
        byte[] twice = [.. WithCredentials(new PullImageRequest { Image = new ImageSpec { Image = "evil.example/web:1" } }), .. Pull().ToByteArray()];

        var received = Messages.Receive<PullImageRequest>(twice);
        var forwarded = PullImageRequest.Parser.ParseFrom(RequestPatcher.Apply(received, []).Span);

        Assert.NotEmpty(received.Anomalies);
        Assert.Equal(PullReader.Read(received).Image.Reference, forwarded.Image.Image);
        Assert.Contains("secret", System.Text.Encoding.UTF8.GetString(forwarded.ToByteArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pull_that_is_given_its_handler_keeps_its_credentials_and_all_else()
    {
        var change = new Change("r", Control.Sandbox, "image.runtime_handler", "kata", "runsc", new Edit.RuntimeHandler("runsc"));
        var expected = Pull();
        expected.Image.RuntimeHandler = "runsc";

        var forwarded = RequestPatcher.Apply(Messages.Receive<PullImageRequest>(WithCredentials(Pull())), [change]);

        Assert.Equal(PullImageRequest.Parser.ParseFrom(WithCredentials(expected)), PullImageRequest.Parser.ParseFrom(forwarded.Span));
        var other = change with { Edit = new Edit.NoNewPrivileges() };
        Assert.Throws<ArgumentException>(() => RequestPatcher.Apply(Messages.Receive(Pull()), [other]));
    }

    [Fact]
    public void A_pull_without_a_pod_is_for_none() =>
        Assert.Equal(new PodIdentity("", "", ""), PullReader.Read(Messages.Receive(new PullImageRequest())).Sandbox.Pod);

    private static PullImageRequest Pull() => new()
    {
        Image = new ImageSpec
        {
            Image = "registry.example/web:1", UserSpecifiedImage = "web", RuntimeHandler = "kata", Annotations = { ["io.containerd.cri.runtime-handler"] = "1" },
        },
        SandboxConfig = Messages.SandboxConfig(),
    };

    /// <summary>Field 2 with a user name and a password, as kubelets send them.</summary>
    private static byte[] WithCredentials(PullImageRequest request) =>
        [.. request.ToByteArray(), 0x12, 14, 0x0a, 4, .. "user"u8, 0x12, 6, .. "secret"u8];

    private static ContainerStatusResponse Status(string spec) => new()
    {
        Status = new ContainerStatus { Annotations = { ["a"] = "1" } },
        Info = { ["info"] = $$"""{ "runtimeSpec": {{spec}} }""" },
    };
}
