using System.Text.Json;
using CriGuard.Commands;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Cri.Runtime;
using CriGuard.Store.Events;
using CriGuard.Tests.Daemon;
using Google.Protobuf;

namespace CriGuard.Tests.Commands;

/// <summary>Inspections of a runtime that says what a test lets it say; needs root, as the command does.</summary>
public sealed class InspectCommandTests : IAsyncLifetime, IDisposable
{
    private const string Own = """
        { "config": { "metadata": { "name": "web" }, "linux": { "security_context": { "capabilities": { "drop_capabilities": ["ALL"] }, "no_new_privs": true } } },
          "runtimeSpec": { "process": { "noNewPrivileges": true }, "linux": { "namespaces": [{ "type": "pid" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }, { "type": "network" }] } } }
        """;

    private readonly TempDirectory _directory = new();
    private readonly List<Container> _containers = [];
    private ScriptedRuntime _runtime = null!;
    private string _info = Own;

    private string Socket => _directory.File("runtime.sock");

    public async Task InitializeAsync()
    {
        _runtime = await ScriptedRuntime.StartAsync(Socket);
        var metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "dev", Uid = "u" };
        Reply("ListPodSandbox", () => new ListPodSandboxResponse { Items = { new PodSandbox { Id = "5a17", Metadata = metadata } } });
        Reply("PodSandboxStatus", () => new PodSandboxStatusResponse { Status = new() { Id = "5a17", Metadata = metadata } });
        Reply("ListContainers", () => new ListContainersResponse { Containers = { _containers } });
        Reply("ContainerStatus", () => new ContainerStatusResponse { Status = new() { Id = "c0de01", Metadata = new() { Name = "web" } }, Info = { ["info"] = _info } });
        _containers.Add(new Container { Id = "c0de01", PodSandboxId = "5a17", Metadata = new() { Name = "web", Attempt = 1 }, State = ContainerState.ContainerCreated });
        _containers.Add(new Container { Id = "c0de00", PodSandboxId = "5a17", Metadata = new() { Name = "web" }, State = ContainerState.ContainerExited });
    }

    public async Task DisposeAsync() => await _runtime.DisposeAsync();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("dev/web-0")]
    [InlineData("web-0")]
    [InlineData("web")]
    [InlineData("c0de")]
    [InlineData("5a")]
    public async Task A_container_is_found_by_each_of_its_names_and_its_last_attempt_is_shown(string subject)
    {
        await RecordAsync();

        var run = await InspectAsync(subject);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith(
            "container `web` of dev/web-0 (id c0de01, the runtime's default handler, created)\njudged at 2026-11-22T01:20:00Z: permit under policy r1, 1 change\n",
            run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("!", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T_C6_what_is_weaker_than_was_asked_for_is_marked_and_ends_with_1()
    {
        await RecordAsync();
        _info = Own.Replace("\"noNewPrivileges\": true", "\"noNewPrivileges\": false, \"capabilities\": { \"bounding\": [\"CAP_BPF\"] }", StringComparison.Ordinal);

        var text = await InspectAsync("web");
        var json = await InspectAsync("web", "-o", "json");
        var all = await InspectAsync("--all");

        Assert.Equal((1, 1, 1), (text.ExitCode, json.ExitCode, all.ExitCode));
        Assert.Contains("\n!   its spec has `CAP_BPF` (bounding), beyond what is asked for\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("\n! no_new_privs ", text.Output, StringComparison.Ordinal);
        Assert.Equal(["! capabilities: bounding", "! no_new_privs"], text.Lines.Where(static l => l.StartsWith("! ", StringComparison.Ordinal) && l[2] != ' ').Select(static l => l.Split("  ")[0]));
        var container = JsonElement.Parse(json.Output)[0];
        Assert.Equal(["capabilities", "noNewPrivileges"], container.GetProperty("differences").EnumerateArray().Select(static d => d.GetProperty("aspect").GetString()));
        var row = container.GetProperty("rows").EnumerateArray().Single(static r => r.GetProperty("name").GetString() == "no_new_privs");
        Assert.Equal(("off", "on", "off", "-"), (Cell("asked"), Cell("decided"), Cell("spec"), Cell("kernel")));
        Assert.Equal(
            "differs     dev/web-0 web  c0de01  the runtime's default handler  its spec has `CAP_BPF` (bounding), beyond what is asked for; "
            + "its spec has no_new_privs off, which is asked to be on\n1 container: 1 differs, 0 not judged, 0 unknown, 0 isolated, 0 same\n",
            all.Output);

        string? Cell(string column) => row.GetProperty(column).GetString();
    }

    [Fact]
    public async Task T_C8_a_container_that_is_not_in_the_log_is_not_judged_and_ends_with_1()
    {
        Directory.CreateDirectory(_directory.File("state/events"));

        var run = await InspectAsync("--all");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("not judged  dev/web-0 web  c0de01 ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_told_is_no_pass()
    {
        await RecordAsync();
        _info = "{}";
        var unknown = await InspectAsync("web");
        var nobody = await InspectAsync("nobody");
        await _runtime.DisposeAsync();
        var down = await InspectAsync("--all");

        Assert.Equal((2, 2, 2), (unknown.ExitCode, nobody.ExitCode, down.ExitCode));
        Assert.Contains("cannot tell: the runtime does not tell its effective spec", unknown.Output, StringComparison.Ordinal);
        Assert.Contains("no pod or container `nobody` on this node", nobody.Error, StringComparison.Ordinal);
        Assert.StartsWith("criguard: cannot tell what runs on this node: ", down.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> InspectAsync(params string[] arguments) =>
        CommandRun.Of(InspectCommand.Create(), [.. arguments, "--runtime-endpoint", $"unix://{Socket}", "--state-dir", _directory.File("state")]);

    private void Reply(string method, Func<IMessage> reply) => _runtime.Replies[method] = _ => Task.FromResult(reply());

    private async Task RecordAsync()
    {
        var decided = new EventRecord
        {
            Kind = EventKinds.CallDecided, Time = RecordedNode.Time, Node = "n", Method = "runtime.v1.RuntimeService/CreateContainer", CallId = "ca11",
            Verdict = new Verdict("r1", [], [new Change("tenants", Control.NoNewPrivileges, "f", "off", "on", new Edit.NoNewPrivileges())]),
        };
        using var log = EventLog.Open(_directory.File("state/events"), new EventLogOptions { Node = "n" });
        await log.AppendAsync(decided);
        await log.AppendAsync(decided with { Kind = EventKinds.CallAnswered, Verdict = null, ContainerId = "c0de01", Answer = new RuntimeAnswer(0, "") });
    }
}
