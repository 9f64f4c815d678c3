using CriGuard.Commands;
using CriGuard.Cri.Runtime;
using CriGuard.Tests.Daemon;
using Google.Protobuf;

namespace CriGuard.Tests.Commands;

/// <summary>`criguard policy check` beside a runtime.</summary>
public sealed class PolicyCheckRuntimeTests : IDisposable
{
    private const string Policy = """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata: { name: p }
        handlers: [{ name: runsc, level: gvisor }]
        rules: [{ name: untrusted, mode: enforce, sandbox: gvisor }]
        """;

    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("runsc", 0, "")]
    [InlineData("runc", 1, "p.yaml:4:20: handler `runsc` (gvisor), which rule `untrusted` needs, is not offered by the runtime: set it up on this node, or take the rule out\n")]
    public async Task The_runtime_is_asked_for_the_handlers_that_rules_need(string offered, int code, string error)
    {
        await using var runtime = await ScriptedRuntime.StartAsync(_folder.File("r.sock"));
        runtime.Replies["Status"] = _ => Task.FromResult<IMessage>(new StatusResponse { RuntimeHandlers = { new RuntimeHandler { Name = offered } } });

        var run = await Check();

        Assert.Equal((code, error), (run.ExitCode, run.Error.Replace(_folder.Path + "/", "", StringComparison.Ordinal)));
        Assert.Equal(code == 0, run.Output.StartsWith("ok: 1 rules", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_runtime_that_does_not_answer_ends_with_2()
    {
        var run = await Check();
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("criguard: cannot tell which handlers the runtime has: ", run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> Check() =>
        CommandRun.Of(PolicyCheckCommand.Create(), _folder.Write("p.yaml", Policy), "--runtime-endpoint", $"unix://{_folder.File("r.sock")}");
}
