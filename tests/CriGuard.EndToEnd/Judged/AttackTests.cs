using System.Text;
using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;
using Google.Protobuf;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Requests in encodings that no kubelet uses: whatever the runtime makes of them, nothing runs outside of the policy.</summary>
public sealed class AttackTests(Bed bed) : BehindPolicy(bed)
{
    private const string Create = "/runtime.v1.RuntimeService/CreateContainer";

    // The capabilities that the rule allows: bits of linux/capability.h.
    private const ulong Allowed = 0b100_0000_0101_1111_1011;

    /// <summary>Bytes of a security context that follow those of an ordinary container; parsers merge the two (T-C7, T-S1, T-U1, T-U4, T-C3).</summary>
    public static TheoryData<string, string> Additions => new()
    {
        { "privileged", "10 01" },
        { "privileged, of a number that has no low bits", "10 80 80 80 80 10" },
        { "privileged, by a tag of two bytes", "90 00 01" },
        { "privileged, by a tag that is cut to 32 bits", "90 80 80 80 10 01" },
        { "privileged, by a field number that is cut to 32 bits", "90 80 80 80 80 01 01" },
        { "privileged, as a number of 32 bits", "15 01 00 00 00" },
        { "privileged, packed", "12 01 01" },
        { "privileged, in a group", "13 08 01 14" },
        { "unconfined", "7A 02 08 01" },
        { "unconfined, of a number that is cut to 32 bits", "7A 06 08 81 80 80 80 10" },
        { "a profile of no known type", "7A 02 08 07" },
        { "a profile of a negative type", "7A 0B 08 FF FF FF FF FF FF FF FF FF 01" },
        { "unconfined, by the deprecated field", "52 0A " + Hex("unconfined") },
        { "no_new_privs taken back", "58 01 58 00" },
        { "all capabilities", "0A 05 0A 03 " + Hex("all") },
        { "a capability with its prefix", "0A 0F 0A 0D " + Hex("CAP_SYS_ADMIN") },
        { "a capability in lower case", "0A 0B 0A 09 " + Hex("sys_admin") },
        { "a capability whose S is long", "0A 0C 0A 0A " + Hex("ſys_admin") },
        { "a capability with a space", "0A 0C 0A 0A " + Hex("SYS_ADMIN ") },
        { "an ambient capability", "0A 0B 1A 09 " + Hex("SYS_ADMIN") },
        { "the network of the node", "1A 02 08 02" },
        { "the processes of the node", "1A 02 10 02" },
        { "the memory of the node", "1A 02 18 02" },
        { "the processes of the node, of a number that is cut to 32 bits", "1A 06 10 82 80 80 80 10" },
        { "namespaces of no known mode", "1A 06 08 07 10 07 18 07" },
        { "a group that is never closed", "FB 07 08 01" },
        { "text that is no UTF-8", "52 02 FF FE" },
    };

    [Theory]
    [MemberData(nameof(Additions))]
    public async Task What_follows_an_ordinary_request_is_refused_or_runs_confined(string what, string hex)
    {
        Assert.NotEmpty(what);
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var request = Kubelet.CreateRequest(pod.Sandbox, pod.Spec, new() { Name = "odd" }).ToByteArray();

        var reply = await Kubelet.Channel.CallAsync(Create, (byte[])[.. request, .. Inside([2, 15, 2], Convert.FromHexString(hex.Replace(" ", "")))]);

        if (reply.Code != 0)
        {
            Assert.Single(await Straight.ContainersAsync(pod.Sandbox));
            return;
        }

        var container = CreateContainerResponse.Parser.ParseFrom(reply.Messages.Single()).ContainerId;
        await Kubelet.StartAsync(container);
        var process = await Straight.ProcessAsync(container);
        Assert.Equal((2, true), (process.Seccomp, process.NoNewPrivileges));
        Assert.Equal(0UL, (process.Bounding | process.Permitted | process.Effective) & ~Allowed);
        var node = ProcessView.Read(Environment.ProcessId);
        Assert.All((string[])["net", "pid", "ipc", "mnt", "uts"], kind => Assert.NotEqual(node.Namespaces[kind], process.Namespaces[kind]));
    }

    // T-Q2: containerd serves its own API on the socket of the CRI too, and there a task needs no pod.
    [Theory]
    [InlineData("containers.v1.Containers/Create")]
    [InlineData("tasks.v1.Tasks/Create")]
    [InlineData("tasks.v1.Tasks/Start")]
    [InlineData("tasks.v1.Tasks/Exec")]
    [InlineData("snapshots.v1.Snapshots/Prepare")]
    public async Task T_Q2_the_runtimes_own_interface_makes_and_enters_nothing_through_the_gate(string method)
    {
        const int Unimplemented = 12;
        var path = "/containerd.services." + method;

        Assert.NotEqual(Unimplemented, (await Straight.Channel.CallAsync(path, default)).Code);
        Assert.Equal(PermissionDenied, (await Kubelet.Channel.CallAsync(path, default)).Code);
    }

    // The whole configuration comes back in the runtime's verbose status, which is read at the start.
    [Fact]
    public async Task Labels_of_ten_megabytes_do_not_open_the_gate_or_fill_the_log()
    {
        var labels = Enumerable.Range(0, 10_000).ToDictionary(number => $"l{number}", _ => new string('x', 1000));
        var large = PodSpec.Unconfined with { Labels = labels };

        try
        {
            await using var pod = await Kubelet.RunAsync(large);
            Assert.Equal(2, (await Straight.ProcessAsync(pod.Main)).Seccomp);
        }
        catch (CallFailedException)
        {
            Assert.DoesNotContain(await Straight.ContainersAsync(), container => container.State == ContainerState.ContainerRunning);
        }

        var size = Directory.GetFiles(Guard.StateDirectory, "*.jsonl", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        Assert.InRange(size, 1, 100_000);
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    /// <summary>The bytes as the content of messages in messages, by their field numbers from the outermost on.</summary>
    private static byte[] Inside(ReadOnlySpan<int> fields, byte[] content)
    {
        if (fields.IsEmpty)
            return content;
        var stream = new MemoryStream();
        var output = new CodedOutputStream(stream);
        output.WriteTag(fields[0], WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Inside(fields[1..], content)));
        output.Flush();
        return stream.ToArray();
    }
}
