using System.Text.Json;
using CriGuard.Core.Events;
using CriGuard.Daemon;
using CriGuard.Output;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Tests.Daemon;

/// <summary>Policy files that change while the daemon runs.</summary>
public sealed class PolicyWatchTests : IDisposable
{
    private const string Head = "apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata: { name: p }\nrules: ";
    private const string Empty = Head + "[]\n";
    private const string Strict = Head + "[{ name: strict, mode: enforce, privileged: deny }]\n";
    private const string Audited = Head + "[{ name: strict, mode: audit, privileged: deny }]\n";
    private const string Wrong = Head + "[{ name: strict, mode: warn, privileged: no }]\n";

    private readonly TempDirectory _directory = new();
    private readonly StringWriter _log = new();
    private readonly ManualTime _time = new();
    private EventLog? _events;
    private PolicyWatch? _watch;

    private string Policies => Directory.CreateDirectory(_directory.File("policies")).FullName;

    private string State => _directory.File("events");

    private CurrentPolicy Policy { get; set; } = null!;

    public void Dispose()
    {
        _watch?.Dispose();
        _events?.Dispose();
        _log.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_file_that_changed_is_in_force_once_it_stayed_the_same_for_a_look()
    {
        var watch = Start(Write("a.yaml", Empty));
        string before = Policy.Snapshot.Revision;

        Write("a.yaml", Strict[..^20]);
        await watch.LookAsync();
        Write("a.yaml", Strict);
        await watch.LookAsync();
        Assert.Equal(before, Policy.Snapshot.Revision);
        await watch.LookAsync();

        Assert.Equal("strict", Assert.Single(Policy.Snapshot.Rules).Name);
        var details = Assert.Single(Events()).GetProperty("details");
        Assert.Equal(Policy.Snapshot.Revision, details.GetProperty("revision").GetString());
        Assert.Equal((before, "files"), (details.GetProperty("before").GetString(), details.GetProperty("cause").GetString()));
    }

    [Theory]
    [InlineData("created")]
    [InlineData("deleted")]
    [InlineData("renamed")]
    [InlineData("renamed over")]
    [InlineData("same size and time")]
    public async Task Any_change_of_the_directory_is_taken(string way)
    {
        string file = Write("a.yaml", Audited);
        string other = Write("b.yaml", Head + "[{ name: other, mode: audit, privileged: deny }]\n");
        string hidden = Write("c.yaml.new", Strict.Replace("strict", "renamed", StringComparison.Ordinal));
        var watch = Start(Policies);
        string before = Policy.Snapshot.Revision;
        await LookTwiceAsync(watch);
        Assert.Empty(Events());

        switch (way)
        {
            case "created":
                Write("d.yaml", Head + "[{ name: created, mode: audit, privileged: deny }]\n");
                break;
            case "deleted":
                File.Delete(other);
                break;
            case "renamed":
                File.Move(hidden, Path.Combine(Policies, "c.yaml"));
                break;
            case "renamed over":
                File.Move(hidden, file, overwrite: true);
                break;
            default:
                var time = File.GetLastWriteTimeUtc(file);
                File.WriteAllText(file, Audited.Replace("strict", "tricks", StringComparison.Ordinal));
                File.SetLastWriteTimeUtc(file, time);
                break;
        }

        await LookTwiceAsync(watch);

        Assert.NotEqual(before, Policy.Snapshot.Revision);
        Assert.Equal(EventKinds.PolicyLoaded, Assert.Single(Events()).GetProperty("kind").GetString());
    }

    // How the kubelet writes a volume: files are links into `..data`, itself a link that is replaced by rename(2).
    [Fact]
    public async Task A_mounted_config_map_is_taken_when_its_data_link_is_swapped()
    {
        string volume = Policies;
        Directory.CreateDirectory(Path.Combine(volume, "..one"));
        Directory.CreateDirectory(Path.Combine(volume, "..two"));
        File.WriteAllText(Path.Combine(volume, "..one", "policy.yaml"), Empty);
        File.WriteAllText(Path.Combine(volume, "..two", "policy.yaml"), Strict);
        Directory.CreateSymbolicLink(Path.Combine(volume, "..data"), "..one");
        File.CreateSymbolicLink(Path.Combine(volume, "policy.yaml"), "..data/policy.yaml");
        var watch = Start(volume);
        Assert.Empty(Policy.Snapshot.Rules);

        Directory.Delete(Path.Combine(volume, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(volume, "..data"), "..two");
        await LookTwiceAsync(watch);

        Assert.Equal("strict", Assert.Single(Policy.Snapshot.Rules).Name);
    }

    [Fact]
    public async Task Wrong_files_are_refused_once_with_all_their_errors_and_the_policy_in_force_stays()
    {
        string file = Write("a.yaml", Strict);
        var watch = Start(file);
        string before = Policy.Snapshot.Revision;

        Write("a.yaml", Wrong);
        for (var look = 0; look < 5; look++)
            await watch.LookAsync();

        Assert.Equal(before, Policy.Snapshot.Revision);
        var refused = Assert.Single(Events());
        Assert.Equal(EventKinds.PolicyRefused, refused.GetProperty("kind").GetString());
        Assert.Equal(before, refused.GetProperty("details").GetProperty("revision").GetString());
        Assert.Contains($"{file}:4:31: `mode` is `warn`", refused.GetProperty("details").GetProperty("errors").GetString());
        Assert.Equal(2, LogLines("policy.refused").Count);
        Assert.Contains($"{file}:4:31: `mode` is `warn`", LogLines("policy.refused")[0]);
        Assert.Contains($"{file}:4:49: `privileged` is `no`", LogLines("policy.refused")[1]);

        File.Delete(file);
        await LookTwiceAsync(watch);
        Write("a.yaml", Strict);
        await LookTwiceAsync(watch);

        Assert.Equal([EventKinds.PolicyRefused, EventKinds.PolicyRefused, EventKinds.PolicyLoaded], Events().Select(static e => e.GetProperty("kind").GetString()));
        Assert.Equal(before, Policy.Snapshot.Revision);
    }

    [Fact]
    public async Task A_policy_that_cannot_be_recorded_is_not_in_force_until_it_can()
    {
        var watch = Start(Write("a.yaml", Empty));
        string before = Policy.Snapshot.Revision;
        Directory.Move(State, State + ".away");

        Write("a.yaml", Strict);
        for (var look = 0; look < 4; look++)
            await watch.LookAsync();
        Assert.Equal(before, Policy.Snapshot.Revision);
        Assert.Single(LogLines("policy.unrecorded"));
        Directory.Move(State + ".away", State);
        await watch.LookAsync();

        Assert.Single(Policy.Snapshot.Rules);
        Assert.Equal(["log.gap", EventKinds.PolicyLoaded], Events().Select(static e => e.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task A_hang_up_takes_the_files_at_once_and_is_recorded_though_nothing_changed()
    {
        var watch = Start(Write("a.yaml", Empty));

        await watch.ReloadAsync();
        Write("a.yaml", Strict);
        await watch.ReloadAsync();
        await LookTwiceAsync(watch);

        Assert.Single(Policy.Snapshot.Rules);
        Assert.Equal(["SIGHUP", "SIGHUP"], Events().Select(static e => e.GetProperty("details").GetProperty("cause").GetString()));
    }

    [Fact]
    public async Task What_was_written_between_the_start_and_the_first_look_is_taken()
    {
        string file = Write("a.yaml", Empty);
        Policy = CurrentPolicy.Load(file);
        Write("a.yaml", Strict);

        await LookTwiceAsync(Watch());

        Assert.Single(Policy.Snapshot.Rules);
    }

    [Fact]
    public async Task It_looks_by_itself_until_it_is_told_to_stop()
    {
        var watch = Start(Write("a.yaml", Empty));
        using var stop = new CancellationTokenSource();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var running = watch.RunAsync(stop.Token);

        Write("a.yaml", Strict);
        while (Policy.Snapshot.Rules.IsEmpty)
        {
            patience.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await running;
    }

    private PolicyWatch Start(string path)
    {
        Policy = CurrentPolicy.Load(path);
        return Watch();
    }

    private PolicyWatch Watch()
    {
        _events = EventLog.Open(State, new EventLogOptions { Node = "n" });
        return _watch = new PolicyWatch(Policy, handlers: null, _events, "n", _time, new StderrLogger(_log, LogLevel.Information, _time, journal: false));
    }

    private static async Task LookTwiceAsync(PolicyWatch watch)
    {
        await watch.LookAsync();
        await watch.LookAsync();
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(Policies, name);
        File.WriteAllText(file, text);
        return file;
    }

    private List<JsonElement> Events() => [.. File.ReadLines(Path.Combine(State, "events-000000000001.jsonl")).Select(static line => JsonElement.Parse(line))];

    private List<string> LogLines(string name) => [.. _log.ToString().Split('\n').Where(line => line.Contains(name, StringComparison.Ordinal))];
}
