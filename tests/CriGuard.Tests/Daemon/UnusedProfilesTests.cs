using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CriGuard.Core.Policy;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Output;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Tests.Daemon;

/// <summary>Composed files that nothing needs any more; needs root, whose alone they may be.</summary>
public sealed class UnusedProfilesTests : IAsyncLifetime, IDisposable
{
    private static readonly ComposedSeccomp Unused = Composed("unused");
    private static readonly ComposedSeccomp OfPod = Composed("pod");
    private static readonly ComposedSeccomp OfContainer = Composed("container");
    private static readonly ComposedSeccomp OfPolicy = Composed("policy");

    private readonly TempDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly StringWriter _said = new();
    private ScriptedRuntime _runtime = null!;
    private RuntimeGate _gate = null!;

    public async Task InitializeAsync()
    {
        _runtime = await ScriptedRuntime.StartAsync(_directory.File("runtime.sock"));
        _gate = new RuntimeGate(new UnixEndpoint(_directory.File("runtime.sock")));
        var metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "dev", Uid = "u" };
        Reply("ListPodSandbox", new ListPodSandboxResponse { Items = { new PodSandbox { Id = "5a17", Metadata = metadata } } });
        Reply("PodSandboxStatus", new PodSandboxStatusResponse
        {
            Status = new() { Id = "5a17", Metadata = metadata },
            Info = { ["info"] = $$"""{ "config": { "metadata": { "name": "web-0" }, {{Linux(OfPod)}} } }""" },
        });
        Reply("ListContainers", new ListContainersResponse { Containers = { new Container { Id = "c0de", PodSandboxId = "5a17", State = ContainerState.ContainerCreated } } });
        Reply("ContainerStatus", new ContainerStatusResponse
        {
            Status = new() { Id = "c0de" }, Info = { ["info"] = $$"""{ "config": { "metadata": { "name": "web" }, {{Linux(OfContainer)}} } }""" },
        });
    }

    public async Task DisposeAsync() => await _runtime.DisposeAsync();

    public void Dispose()
    {
        _gate.Dispose();
        _said.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_no_pod_no_container_and_no_policy_names_is_removed_and_nothing_else()
    {
        var profiles = Written();
        _directory.Write("seccomp/own.json", "{}");
        string open = new('a', 64);
        _directory.Write($"seccomp/{open}.json", "{}");
        File.SetUnixFileMode(PathOf($"{open}.json"), UnixFileMode.UserRead | UnixFileMode.OtherWrite);
        _time.Advance(SeccompFiles.Lately + TimeSpan.FromSeconds(1));

        await Remover(profiles).RemoveAsync(default);

        Assert.Equal(
            new[] { OfPod.FileName, OfContainer.FileName, OfPolicy.FileName, "own.json", $"{open}.json" }.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(PathOf("")).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Contains("removed 1 composed seccomp profiles that no container uses", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_handed_out_lately_or_while_the_runtime_was_asked_stays()
    {
        var profiles = Written();
        await Remover(profiles).RemoveAsync(default);
        Assert.True(File.Exists(PathOf(Unused.FileName)));

        // A daemon that was started just now does not know what the one before it handed out.
        _time.Advance(SeccompFiles.Lately + TimeSpan.FromSeconds(1));
        await Remover(new SeccompFiles(_directory.Path, _time)).RemoveAsync(default);
        Assert.True(File.Exists(PathOf(Unused.FileName)));

        _runtime.Replies["ListContainers"] = _ =>
        {
            profiles.Ensure([Given(Unused)]);
            return Task.FromResult<IMessage>(new ListContainersResponse());
        };
        await Remover(profiles).RemoveAsync(default);
        Assert.True(File.Exists(PathOf(Unused.FileName)));
        Assert.False(File.Exists(PathOf(OfContainer.FileName)));

        profiles.Ensure([Given(OfContainer)]);
        Assert.Equal(OfContainer.Json.AsEnumerable(), await File.ReadAllBytesAsync(PathOf(OfContainer.FileName)));
    }

    [Fact]
    public async Task Where_the_runtime_does_not_tell_nothing_is_removed()
    {
        var profiles = Written();
        _time.Advance(SeccompFiles.Lately + TimeSpan.FromSeconds(1));

        Reply("ContainerStatus", new ContainerStatusResponse { Status = new() { Id = "c0de" } });
        await Remover(profiles).RemoveAsync(default);
        await _runtime.DisposeAsync();
        await Remover(profiles).RemoveAsync(default);

        Assert.True(File.Exists(PathOf(Unused.FileName)));
        Assert.Equal(2, _said.ToString().Split('\n').Count(static line => line.Contains("none was removed", StringComparison.Ordinal)));
    }

    private static ComposedSeccomp Composed(string text)
    {
        var json = ImmutableArray.Create(Encoding.UTF8.GetBytes(text));
        return new ComposedSeccomp(Convert.ToHexStringLower(SHA256.HashData(json.AsSpan())), json, []);
    }

    private Change Given(ComposedSeccomp composed) =>
        new("r", Control.Seccomp, "f", "unset", "", new Edit.Seccomp(SecurityProfile.Localhost(PathOf(composed.FileName))) { File = composed });

    private SeccompFiles Written()
    {
        var profiles = new SeccompFiles(_directory.Path, _time);
        profiles.Ensure([Given(Unused), Given(OfPod), Given(OfContainer), Given(OfPolicy)]);
        return profiles;
    }

    private UnusedProfiles Remover(SeccompFiles profiles)
    {
        var policy = _directory.Write(
            "policy.yaml", $"apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata: {{ name: n }}\nrules: [{{ name: r, mode: enforce, seccomp: {{ default: Localhost, profile: {PathOf(OfPolicy.FileName)} }} }}]\n");
        var log = new StderrLogger(_said, LogLevel.Debug, TimeProvider.System, journal: true);
        return new UnusedProfiles(new RuntimeQuestions(_gate, _gate), CurrentPolicy.Load(policy), profiles, _time, log);
    }

    private string Linux(ComposedSeccomp composed) =>
        $$"""
        "linux": { "cgroup_parent": "/kubepods", "security_context": { "seccomp": { "profile_type": 2, "localhost_ref": "{{PathOf(composed.FileName)}}" } } }
        """;

    private string PathOf(string name) => Path.Combine(_directory.File("seccomp"), name);

    private void Reply(string method, IMessage reply) => _runtime.Replies[method] = _ => Task.FromResult(reply);
}
