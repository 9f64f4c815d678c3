using CriGuard.TestBed.Pods;
using Google.Protobuf;

namespace CriGuard.EndToEnd.Equal;

public sealed class CallsStraight(Bed bed) : CallSuite(bed, Way.Straight);

public sealed class CallsThroughCriGuard(Bed bed) : CallSuite(bed, Way.ThroughCriGuard);

/// <summary>What calls carry, and how they end.</summary>
public abstract class CallSuite(Bed bed, Way way) : BothWays(bed, way)
{
    private const string RuntimeService = "/runtime.v1.RuntimeService/";
    private const int DeadlineExceeded = 4;
    private const int NotFound = 5;
    private const int Unimplemented = 12;

    [Fact]
    public async Task A_command_gives_its_output_its_errors_and_its_exit_code()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        var answer = await Kubelet.ExecAsync(pod.Main, "/bin/busybox", "sh", "-c", "echo out; echo err >&2; exit 3");

        Assert.Equal("out\n", answer.Stdout.ToStringUtf8());
        Assert.Equal("err\n", answer.Stderr.ToStringUtf8());
        Assert.Equal(3, answer.ExitCode);
    }

    [Fact]
    public async Task T_E5_output_larger_than_the_usual_four_megabytes_arrives_whole()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        var answer = await Kubelet.ExecAsync(pod.Main, "/bin/busybox", "dd", "if=/dev/zero", "bs=1048576", "count=8");

        Assert.Equal(8 << 20, answer.Stdout.Length);
    }

    [Fact]
    public async Task A_list_of_six_megabytes_arrives_whole()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var note = new Dictionary<string, string> { ["note"] = new('x', 1 << 20) };
        for (var number = 0; number < 6; number++)
            await Kubelet.CreateAsync(pod.Sandbox, pod.Spec, new ContainerSpec { Name = $"big-{number}", Annotations = note });

        var containers = await Kubelet.ContainersAsync(pod.Sandbox);

        Assert.Equal(7, containers.Count);
        Assert.Equal(6 << 20, containers.Sum(container => container.Annotations.GetValueOrDefault("note")?.Length ?? 0));
    }

    [Fact]
    public async Task A_request_of_ten_megabytes_arrives_whole()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var note = new Dictionary<string, string> { ["note"] = new('x', 10 << 20) };

        var container = await Kubelet.CreateAsync(pod.Sandbox, pod.Spec, new ContainerSpec { Name = "big", Annotations = note });

        Assert.Equal(10 << 20, (await Kubelet.ContainerStatusAsync(container)).Status.Annotations["note"].Length);
    }

    [Fact]
    public async Task A_command_that_outlives_its_own_limit_ends_with_deadline_exceeded()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var request = new TestBed.Runtime.ExecSyncRequest { ContainerId = pod.Main, Cmd = { "/bin/busybox", "sleep", "1000" }, Timeout = 1 };

        var reply = await Kubelet.Channel.CallAsync(RuntimeService + "ExecSync", request.ToByteArray());

        Assert.Equal(DeadlineExceeded, reply.Code);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_is_cancelled_at_the_runtime()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        using var cancellation = new CancellationTokenSource();
        var request = new TestBed.Runtime.ExecSyncRequest { ContainerId = pod.Main, Cmd = { "/bin/busybox", "sleep", "1234" } };
        var call = Kubelet.Channel.CallAsync(RuntimeService + "ExecSync", request.ToByteArray(), cancellation.Token);
        await ProcessAppearsAsync(pod.Main, present: true);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ProcessAppearsAsync(pod.Main, present: false);
    }

    [Fact]
    public async Task A_session_is_given_as_an_address_of_the_runtime_itself()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        var address = await Kubelet.ExecUrlAsync(pod.Main, "/bin/busybox", "sh");

        Assert.StartsWith("/exec/", address.AbsolutePath);
        Assert.Equal("127.0.0.1", address.Host);
    }

    [Fact]
    public async Task The_older_version_of_the_interface_is_there_where_the_runtime_has_it()
    {
        var reply = await Kubelet.Channel.CallAsync("/runtime.v1alpha2.RuntimeService/Version", Array.Empty<byte>());

        Assert.Equal("v1alpha2", TestBed.Runtime.VersionResponse.Parser.ParseFrom(reply.Messages.Single()).RuntimeApiVersion);
    }

    [Theory]
    [InlineData("ListThingsOfTomorrow")]
    [InlineData("GetContainerEvents")]
    public async Task A_method_that_this_runtime_lacks_is_unimplemented(string method)
    {
        var reply = await Kubelet.Channel.CallAsync(RuntimeService + method, Array.Empty<byte>());

        Assert.Equal(Unimplemented, reply.Code);
        Assert.Contains(method, reply.Text);
    }

    [Theory]
    [InlineData("ContainerStatus")]
    [InlineData("StartContainer")]
    [InlineData("StopContainer")]
    [InlineData("ExecSync")]
    public async Task A_container_that_is_not_there_is_not_found(string method)
    {
        var request = new TestBed.Runtime.ContainerRequest { ContainerId = "feedface" };

        var reply = await Kubelet.Channel.CallAsync(RuntimeService + method, request.ToByteArray());

        Assert.Equal(NotFound, reply.Code);
        Assert.Contains("feedface", reply.Text);
    }

    [Fact]
    public async Task A_thousand_calls_at_once_on_one_connection_are_all_answered()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Kubelet.VersionAsync()));

        Assert.All(answers, answer => Assert.Equal("containerd", answer.RuntimeName));
    }

    [Fact]
    public async Task A_call_whose_time_has_run_out_ends_and_takes_its_command_with_it()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var request = new TestBed.Runtime.ExecSyncRequest { ContainerId = pod.Main, Cmd = { "/bin/busybox", "sleep", "1234" } };

        var reply = await Kubelet.Channel.CallAsync(RuntimeService + "ExecSync", request.ToByteArray(), TimeSpan.FromSeconds(1));

        // containerd 1.6 puts the deadline into words and leaves the code unknown, later ones and gRPC itself use the code.
        Assert.True(reply.Code == DeadlineExceeded || reply.Text.Contains("context deadline exceeded", StringComparison.Ordinal), reply.Text);
        await ProcessAppearsAsync(pod.Main, present: false);
    }

    // Waits for the command of the cancelled call to appear in the container, or to be gone from it.
    private async Task ProcessAppearsAsync(string container, bool present)
    {
        var patience = Bed.Patience;
        while ((await Kubelet.AppletAsync(container, "ps")).Contains("sleep 1234", StringComparison.Ordinal) != present)
            patience.ThrowIfCancellationRequested();
    }
}
