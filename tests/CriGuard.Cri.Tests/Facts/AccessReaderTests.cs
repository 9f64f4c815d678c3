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
        [.. RpcList.All.Where(static r => r.Treatment == Treatment.Record).Select(static r => r.Path)];

    [Theory]
    [MemberData(nameof(RecordedPaths))]
    public void Every_recorded_method_tells_whom_it_concerns(string path)
    {
        // Field 1 of each of these requests is the id of the container or of the sandbox.
        Assert.True(AccessReader.TryRead(path, [0x0a, 0x02, (byte)'i', (byte)'d'], out var facts));

        Assert.False(facts.Unknown);
        Assert.Equal(path[(path.LastIndexOf('/') + 1)..], facts.Method);
        var pod = facts.Method.Contains("Pod", StringComparison.Ordinal) || facts.Method == "PortForward";
        Assert.Equal(pod ? ("id", "") : ("", "id"), (facts.SandboxId, facts.ContainerId));
    }

    [Fact]
    public void An_exec_keeps_the_first_word_alone()
    {
        var request = new ExecRequest { ContainerId = "c1", Cmd = { "mysql", "-psecret", "x" }, Tty = true, Stdin = true };

        Assert.True(AccessReader.TryRead("/runtime.v1.RuntimeService/Exec", request.ToByteArray(), out var facts));

        Assert.Equal(
            new AccessFacts { Method = "Exec", Unknown = false, ContainerId = "c1", Executable = "mysql", Arguments = 2, Tty = true, Stdin = true },
            facts);
        Assert.DoesNotContain("secret", facts.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_of_no_words_and_one_of_megabytes_are_both_read()
    {
        Assert.True(AccessReader.TryRead("/runtime.v1.RuntimeService/ExecSync", [], out var empty));
        Assert.Equal(("", 0), (empty.Executable, empty.Arguments));

        var request = new ExecSyncRequest { Cmd = { new string('a', 1_000_000) } };
        Assert.True(AccessReader.TryRead("/runtime.v1.RuntimeService/ExecSync", request.ToByteArray(), out var long1));
        Assert.Equal(256, long1.Executable.Length);
    }

    [Theory]
    [InlineData("/runtime.v1.RuntimeService/RestorePod", "RestorePod")]
    [InlineData("/containerd.services.tasks.v1.Tasks/Exec", "Exec")]
    [InlineData("/runtime.v1.RuntimeService/StartEverything", "StartEverything")]
    public void A_method_that_is_not_recorded_is_unknown_and_its_message_is_not_looked_at(string path, string method)
    {
        Assert.True(AccessReader.TryRead(path, [0xff], out var facts));

        Assert.Equal(new AccessFacts { Method = method, Unknown = true }, facts);
    }

    [Fact]
    public void A_message_that_is_none_is_not_read()
    {
        Assert.False(AccessReader.TryRead("/runtime.v1.RuntimeService/Exec", [0xff], out _));
    }
}
