using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Devices, pulls and annotations at a real runtime.</summary>
public sealed class DeviceTests(Bed bed) : BehindPolicy(bed)
{
    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: devices
        rules:
          - name: devices
            mode: enforce
            devices: { allow: [{ path: /dev/fuse, permissions: rw }] }
            annotations: deny
          - name: registries
            mode: enforce
            match: { namespaces: [team-a] }
            images: { registries: [criguard.test, "127.0.0.1:1"] }
        """;

    [Fact]
    public async Task T_D1_a_device_that_is_allowed_is_there_and_another_is_refused()
    {
        await using var pod = await Kubelet.RunAsync(With("/dev/fuse"));
        Assert.Contains("10, 229", await Straight.AppletAsync(pod.Main, "ls", "-l", "/dev/fuse"));

        var text = await RefusalAsync(With("/dev/kmsg"));

        Assert.Contains("asks for device `/dev/kmsg`", text);
    }

    [Fact]
    public async Task T_D1_a_device_added_past_the_gate_is_not_started()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var smuggled = await Straight.CreateAsync(pod.Sandbox, pod.Spec, new ContainerSpec { Name = "smuggled", Devices = ["/dev/kmsg"] });

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.StartAsync(smuggled));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains("would start with `/dev/kmsg`", failure.Text);
    }

    [Fact]
    public async Task T_N4_an_annotation_that_changes_the_runtime_is_refused()
    {
        var text = await RefusalAsync(PodSpec.Ordinary with { Annotations = new Dictionary<string, string> { ["run.oci.keep_original_groups"] = "1" } });

        Assert.Contains("`run.oci.keep_original_groups`", text);
    }

    [Fact]
    public async Task A_pull_that_is_permitted_ends_as_the_runtime_ends_it_and_another_never_begins()
    {
        // Nothing listens there: what the runtime says of it is its own.
        const string nowhere = "127.0.0.1:1/web:1";
        var permitted = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.PullAsync(nowhere, PodSpec.Ordinary));
        var straight = await Assert.ThrowsAsync<CallFailedException>(() => Straight.PullAsync(nowhere, PodSpec.Ordinary));
        var refused = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.PullAsync("127.0.0.1:2/web:1", PodSpec.Ordinary));

        Assert.Equal((straight.Code, straight.Text), (permitted.Code, permitted.Text));
        Assert.Contains("connection refused", permitted.Text);
        Assert.Equal(PermissionDenied, refused.Code);
        Assert.Contains("asks for an image of `127.0.0.1:2/web`", refused.Text);
        Assert.Equal(2, (await EventsAsync("call.decided", "PullImage")).Count);
        Assert.DoesNotContain((await Guard.EventsAsync()).Select(static e => e.GetRawText()), static line => line.Contains("swordfish", StringComparison.Ordinal));
    }

    private static PodSpec With(string device) => PodSpec.Ordinary with { Containers = [new() { Devices = [device] }] };
}
