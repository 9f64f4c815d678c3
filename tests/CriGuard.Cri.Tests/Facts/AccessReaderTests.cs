using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Methods;
using CriGuard.Cri.Runtime;
using CriGuard.Cri.Tests.Methods;
using Google.Protobuf;

namespace CriGuard.Cri.Tests.Facts;

public sealed class AccessReaderTests
{
    public static TheoryData<string> RecordedPaths() =>
        [.. RpcList.All.Where(static r => r.Treatment == Treatment.Record && !r.Path.EndsWith("/RemoveImage", StringComparison.Ordinal)).Select(static r => r.Path)];

    [Theory]
    [MemberData(nameof(RecordedPaths))]
    public void Every_recorded_method_tells_whom_it_concerns(string path)
    {
        // Field 1 of each of these requests is the id of the container or of the sandbox.
        Assert.True(AccessReader.TryRead(path, new byte[] { 0x0a, 0x02, (byte)'i', (byte)'d' }, out var read));
        var facts = read.Facts;

        Assert.False(facts.Unknown);
        Assert.Equal(path[(path.LastIndexOf('/') + 1)..], facts.Method);
        var pod = facts.Method.Contains("Pod", StringComparison.Ordinal) || facts.Method == "PortForward";
        Assert.Equal(pod ? ("id", "") : ("", "id"), (facts.SandboxId, facts.ContainerId));
    }

    [Theory]
    [InlineData("runtime.v1")]
    [InlineData("runtime.v1alpha2")]
    public void An_image_that_is_removed_is_named_and_no_rule_denies_it(string package)
    {
        var request = new RemoveImageRequest { Image = new ImageSpec { Image = "registry/app:1" } }.ToByteArray();

        Assert.True(AccessReader.TryRead($"/{package}.ImageService/RemoveImage", request, out var read));

        Assert.Equal(new AccessFacts { Method = "RemoveImage", Unknown = false, Ends = true, Image = new ImageFacts("registry/app:1", "") }, read.Facts);
        Assert.Equal(request, read.Forward.ToArray());
    }

    [Fact]
    public void T_E4_an_exec_keeps_the_first_word_alone()
    {
        var request = new ExecRequest { ContainerId = "c1", Cmd = { "mysql", "-psecret", "x" }, Tty = true, Stdin = true };

        Assert.True(AccessReader.TryRead("/runtime.v1.RuntimeService/Exec", request.ToByteArray(), out var read));

        var facts = read.Facts;
        Assert.Equal(
            new AccessFacts { Method = "Exec", Unknown = false, ContainerId = "c1", Executable = "mysql", Arguments = 2, Tty = true, Stdin = true },
            facts);
        Assert.DoesNotContain("secret", facts.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_of_no_words_and_one_of_megabytes_are_both_read()
    {
        Assert.True(AccessReader.TryRead("/runtime.v1.RuntimeService/ExecSync", default, out var empty));
        Assert.Equal(("", 0), (empty.Facts.Executable, empty.Facts.Arguments));

        var request = new ExecSyncRequest { Cmd = { new string('a', 1_000_000) } };
        Assert.True(AccessReader.TryRead("/runtime.v1.RuntimeService/ExecSync", request.ToByteArray(), out var long1));
        Assert.Equal(256, long1.Facts.Executable.Length);
    }

    [Theory]
    [InlineData("/runtime.v1.RuntimeService/ReplacePod", "ReplacePod")]
    [InlineData("/containerd.services.tasks.v1.Tasks/Exec", "Exec")]
    [InlineData("/runtime.v1.RuntimeService/StartEverything", "StartEverything")]
    public void A_method_that_is_not_recorded_is_unknown_and_its_message_is_not_looked_at(string path, string method)
    {
        Assert.True(AccessReader.TryRead(path, new byte[] { 0xff }, out var read));

        Assert.Equal(new AccessFacts { Method = method, Unknown = true }, read.Facts);
    }

    [Fact]
    public void A_message_that_is_none_is_not_read()
    {
        Assert.False(AccessReader.TryRead("/runtime.v1.RuntimeService/Exec", new byte[] { 0xff }, out _));
    }

    [Theory]
    [InlineData("/runtime.v1.RuntimeService/Exec")]
    [InlineData("/runtime.v1alpha2.RuntimeService/Exec")]
    public void T_Q4_the_old_version_of_the_interface_is_read_alike(string path)
    {
        var request = new ExecRequest { ContainerId = "c1", Cmd = { "sh" } };

        Assert.True(AccessReader.TryRead(path, request.ToByteArray(), out var read));

        Assert.Equal(("Exec", "c1", "sh", false), (read.Facts.Method, read.Facts.ContainerId, read.Facts.Executable, read.Facts.Unknown));
    }

    [Fact]
    public void T_E2_a_command_is_known_again_by_all_of_its_words()
    {
        UInt128? Digest(params string[] words) =>
            AccessReader.TryRead("/runtime.v1.RuntimeService/ExecSync", new ExecSyncRequest { Cmd = { words } }.ToByteArray(), out var read) ? read.Command : null;

        Assert.Equal(Digest("cat", "/a b"), Digest("cat", "/a b"));
        Assert.Equal(4, new[] { Digest("cat", "/a b"), Digest("cat", "/a", "b"), Digest("cat /a", "b"), Digest("cat", "/a c") }.Distinct().Count());
    }

    [Fact]
    public void T_R1_an_update_tells_all_that_it_sets()
    {
        var request = new UpdateContainerResourcesRequest
        {
            ContainerId = "c1",
            Linux = new LinuxContainerResources { MemoryLimitInBytes = 1 << 28, CpusetCpus = "0-1", Unified = { ["memory.high"] = "max" } },
            Annotations = { ["a.example/x"] = "secret" },
        };

        var update = Read("UpdateContainerResources", request).Facts.Update!;

        Assert.Equal(["memory.high"], update.Unified);
        Assert.Equal(["a.example/x"], update.Annotations);
        Assert.Equal(
            ["annotations=a.example/x", "cpuset_cpus=0-1", "memory_limit_in_bytes=268435456", "unified.memory.high=max"],
            update.Values.Select(static v => $"{v.Key}={v.Value}"));
    }

    [Fact]
    public void T_R2_an_update_of_a_pod_tells_both_its_parts()
    {
        var request = new UpdatePodSandboxResourcesRequest
        {
            PodSandboxId = "5a17",
            Overhead = new LinuxContainerResources { Unified = { ["io.max"] = "x" } },
            Resources = new LinuxContainerResources { CpuShares = 2, Unified = { ["memory.low"] = "1" } },
        };

        var update = Read("UpdatePodSandboxResources", request).Facts.Update!;

        Assert.Equal(["io.max", "memory.low"], update.Unified);
        Assert.Equal(["overhead.unified.io.max", "resources.cpu_shares", "resources.unified.memory.low"], update.Values.Keys);
    }

    [Fact]
    public void What_was_set_before_is_told_by_the_runtimes_spec()
    {
        var status = new ContainerStatusResponse
        {
            Info = { ["info"] = """{"runtimeSpec":{"linux":{"resources":{"memory":{"limit":5},"cpu":{"shares":2,"cpus":"0"},"unified":{"memory.high":"9"}}}}}""" },
        };

        Assert.Equal(
            ["cpu_shares=2", "cpuset_cpus=0", "memory_limit_in_bytes=5", "unified.memory.high=9"],
            UpdateReader.Before(status).Select(static v => $"{v.Key}={v.Value}"));
        Assert.Empty(UpdateReader.Before(new ContainerStatusResponse { Info = { ["info"] = "[" } }));
    }

    [Fact]
    public void T_C7_a_call_that_can_be_read_in_two_ways_goes_on_as_it_was_read()
    {
        byte[] twice = [.. new ExecRequest { ContainerId = "c1" }.ToByteArray(), .. new ExecRequest { ContainerId = "c2", Cmd = { "sh" } }.ToByteArray()];

        Assert.True(AccessReader.TryRead("/runtime.v1.RuntimeService/Exec", twice, out var read));

        Assert.Equal("c2", read.Facts.ContainerId);
        Assert.Equal("container_id", Assert.Single(read.Facts.Anomalies).Field);
        Assert.Equal(new ExecRequest { ContainerId = "c2", Cmd = { "sh" } }.ToByteArray(), read.Forward.ToArray());
    }

    [Fact]
    public void A_call_of_one_meaning_goes_on_byte_for_byte()
    {
        byte[] sent = [.. new AttachRequest { ContainerId = "c1", Stdin = true, Stdout = true, Stderr = true }.ToByteArray()];

        Assert.True(AccessReader.TryRead("/runtime.v1.RuntimeService/Attach", sent, out var read));

        Assert.Empty(read.Facts.Anomalies);
        Assert.Equal(sent, read.Forward.ToArray());
    }

    [Fact]
    public void T_P4_a_checkpoint_tells_where_it_goes()
    {
        Assert.Equal("/a", Read("CheckpointContainer", new CheckpointContainerRequest { ContainerId = "c1", Location = "/a", Timeout = 9 }).Facts.CheckpointPath);
        var pod = Read("CheckpointPod", new CheckpointPodRequest { PodSandboxId = "5a17", OutputPath = "/b", Options = { ["o"] = "1" } }).Facts;
        Assert.Equal("/b", pod.CheckpointPath);
        Assert.Equal(["o"], pod.CheckpointOptions);
    }

    [Fact]
    public void T_P3_a_restored_pod_is_read_as_a_sandbox_and_its_containers()
    {
        var request = new RestorePodRequest
        {
            CheckpointPath = "/c/a",
            Config = Messages.SandboxConfig(),
            RuntimeHandler = "runsc",
            ContainerConfigs = { Messages.CreateContainer().Config, Messages.CreateContainer(static context => context.Privileged = true).Config },
        };

        var facts = RestoreReader.Read(Messages.Receive(request));

        Assert.Equal((new PodIdentity("team-a", "web-0", "2f1c"), "runsc"), (facts.Sandbox.Pod, facts.Sandbox.RuntimeHandler));
        Assert.Equal([false, true], facts.Containers.Select(static c => c.Privileged));
        Assert.All(facts.Containers, c => Assert.Same(facts.Sandbox, c.Sandbox));
        Assert.Equal("/c/a", facts.CheckpointPath);
    }

    private static AccessRequest Read(string method, IMessage request)
    {
        Assert.True(AccessReader.TryRead("/runtime.v1.RuntimeService/" + method, request.ToByteArray(), out var read));
        Assert.Empty(read.Facts.Anomalies);
        return read;
    }
}
