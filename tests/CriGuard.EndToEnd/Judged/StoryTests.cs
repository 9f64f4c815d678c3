using System.Globalization;
using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>What is on record of containers that end by themselves, and of commands that come again.</summary>
public sealed class StoryTests(Bed bed) : BehindPolicy(bed)
{
    [Fact]
    public async Task An_exit_is_on_record_once_with_its_signal_also_where_no_daemon_ran()
    {
        await using var watched = (await Kubelet.RunAsync(PodSpec.Ordinary)) with { Kubelet = Straight };
        await using var missed = (await Kubelet.RunAsync(PodSpec.Ordinary)) with { Kubelet = Straight };
        await KillAsync(watched.Main);
        var seen = await ExitAsync(watched.Main);
        await Guard.StopAsync();
        await KillAsync(missed.Main);
        await Straight.ExitCodeAsync(missed.Main, Bed.Patience);
        Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);
        var found = await ExitAsync(missed.Main);

        Assert.Equal(("137", "9", watched.Spec.Uid), (Detail(seen, "code"), Detail(seen, "signal"), seen.GetProperty("pod").GetProperty("uid").GetString()));
        Assert.False(seen.GetProperty("details").TryGetProperty("while", out _));
        Assert.Equal(("137", "away"), (Detail(found, "code"), Detail(found, "while")));
        Assert.Single(await ExitsAsync(watched.Main));
        Assert.Contains((await Guard.EventsAsync()), static e => e.GetProperty("kind").GetString() == "log.gap" && Detail(e, "cause") == "no daemon ran: it was stopped");
    }

    [Fact]
    public async Task What_is_removed_past_the_gate_is_on_record_and_what_a_call_removes_is_not_told_twice()
    {
        var past = await Kubelet.RunAsync(PodSpec.Ordinary);
        await using (var through = await Kubelet.RunAsync(PodSpec.Ordinary))
        {
            await Straight.RemovePodAsync(past.Sandbox);
            await EventAsync(e => e.GetProperty("kind").GetString() == "sandbox.removed" && e.GetProperty("sandbox").GetString() == past.Sandbox);
            await Kubelet.StopAsync(through.Main);
        }

        await Guard.StopAsync();
        var removed = (await Guard.EventsAsync()).Where(static e => e.GetProperty("kind").GetString() == "container.removed").Select(static e => e.GetProperty("container").GetProperty("id").GetString()).ToList();
        Assert.Single(removed, past.Main);
        var through2 = Assert.Single(await EventsAsync("call.answered", "RemoveContainer")).GetProperty("container").GetProperty("id").GetString()!;
        Assert.DoesNotContain(through2, removed);
        Assert.Single(await ExitsAsync(through2));
    }

    [Fact]
    public async Task A_probe_is_counted_and_the_log_is_proved_with_its_public_key()
    {
        await using var pod = (await Kubelet.RunAsync(PodSpec.Ordinary)) with { Kubelet = Straight };
        for (var probe = 0; probe < 30; probe++)
            Assert.Equal(0, (await Kubelet.ExecAsync(pod.Main, "/bin/busybox", "true")).ExitCode);
        await Kubelet.ExecAsync(pod.Main, "/bin/busybox", "false");
        await Guard.StopAsync();

        Assert.Equal(2, (await EventsAsync("call.decided", "ExecSync")).Count);
        Assert.Equal(["0", "1"], (await EventsAsync("call.answered", "ExecSync")).Select(static e => Detail(e, "exitCode")));
        Assert.Equal("29", Detail(Assert.Single(await EventsAsync("call.repeated", "ExecSync")), "repeats"));
        var pem = Path.Combine(Guard.Directory, "public.pem");
        await File.WriteAllTextAsync(pem, (await Guard.CommandAsync("log", "key")).Output);
        var proof = await Guard.CommandAsync("log", "verify", "--key", pem);
        Assert.True(proof.ExitCode == 0, proof.Output + proof.Errors);
        Assert.Contains("signed: up to sequence ", proof.Output, StringComparison.Ordinal);
        var story = await Guard.CommandAsync("timeline", $"{pod.Spec.Namespace}/{pod.Spec.Name}");
        Assert.Contains("the same command ran 29 times more", story.Output, StringComparison.Ordinal);
    }

    private Task<JsonElement> ExitAsync(string container) => EventAsync(e => IsExit(e, container));

    private async Task<IReadOnlyList<JsonElement>> ExitsAsync(string container) => [.. (await Guard.EventsAsync()).Where(e => IsExit(e, container))];

    private async Task<JsonElement> EventAsync(Func<JsonElement, bool> wanted)
    {
        var patience = Bed.Patience;
        while (true)
        {
            patience.ThrowIfCancellationRequested();
            if ((await Guard.EventsAsync()).Where(wanted).Select(static e => (JsonElement?)e).FirstOrDefault() is { } found)
                return found;
        }
    }

    private async Task KillAsync(string container)
    {
        var status = await Straight.ContainerStatusAsync(container, verbose: true);
        using var info = JsonDocument.Parse(status.Info["info"]);
        await Command.OutputAsync("kill", "-9", info.RootElement.GetProperty("pid").GetInt32().ToString(CultureInfo.InvariantCulture));
    }

    private static bool IsExit(JsonElement line, string container) =>
        line.GetProperty("kind").GetString() == "container.exited" && line.GetProperty("container").GetProperty("id").GetString() == container;

    private static string Detail(JsonElement line, string name) => line.GetProperty("details").GetProperty(name).GetString()!;
}
