using CriGuard.Cri.Runtime;
using Google.Protobuf;

namespace CriGuard.Tests.Daemon;

/// <summary>What reaches the runtime, and what is on record, when a call goes odd ways.</summary>
public sealed class ProxyTests
{
    // T-C7.
    [Fact]
    public async Task A_request_that_says_a_thing_twice_reaches_the_runtime_only_as_it_was_judged()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        var judged = new RunPodSandboxRequest { RuntimeHandler = "runsc", Config = Sandbox() };
        byte[] twice = [.. new RunPodSandboxRequest { RuntimeHandler = "runc" }.ToByteArray(), .. judged.ToByteArray()];

        await daemon.CallAsync("RunPodSandbox", twice);

        var (method, message) = Assert.Single(daemon.Runtime.Requests);
        Assert.Equal("RunPodSandbox", method);
        Assert.Equal(judged.ToByteArray(), message);
    }

    private static PodSandboxConfig Sandbox() => new() { Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c" } };
}
