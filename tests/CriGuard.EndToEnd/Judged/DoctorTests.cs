using System.Diagnostics;
using System.Text.Json;
using CriGuard.TestBed;

namespace CriGuard.EndToEnd.Judged;

/// <summary>The doctor on a node whose runtime and daemon are real, with a kubelet that is only connected.</summary>
public sealed class DoctorTests(Bed bed) : BehindPolicy(bed)
{
    // perl-base is on every Debian and has unix sockets, which no shell has.
    private const string Connect = "$| = 1; socket(S, PF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un($ARGV[0])) or die; print qq(ready\n); <STDIN>";

    [Fact]
    public async Task It_follows_a_kubelet_from_around_the_gate_to_through_it()
    {
        var around = await WithKubeletAsync(Bed.Node.RuntimeSocket, ExamineAsync);
        var through = await WithKubeletAsync(Guard.Socket, ExamineAsync);

        AssertAll("fault", around, "kubelet-endpoint", "image-endpoint", "kubelet-connected", "direct-clients");
        AssertAll("good", through, "kubelet-endpoint", "image-endpoint", "kubelet-connected");
    }

    [Fact]
    public async Task It_finds_what_somebody_has_changed_behind_the_back_of_a_daemon()
    {
        var well = await ExamineAsync();
        AssertAll("good", well, "daemon", "version", "policy", "log-proof", "log-space", "state", "runtime", "handlers");

        File.SetUnixFileMode(Guard.StateDirectory, File.GetUnixFileMode(Guard.StateDirectory) | UnixFileMode.OtherRead);
        File.SetUnixFileMode(Guard.Socket, File.GetUnixFileMode(Guard.Socket) | UnixFileMode.OtherWrite);
        var segment = Directory.EnumerateFiles(Path.Combine(Guard.StateDirectory, "events"), "*.jsonl").First();
        await File.WriteAllTextAsync(segment, (await File.ReadAllTextAsync(segment)).Replace("\"seq\":1,", "\"seq\":2,", StringComparison.Ordinal));
        await File.AppendAllTextAsync(Guard.PolicyFile, "\nunheardOf: true\n");

        var changed = await ExamineAsync();
        AssertAll("fault", changed, "policy", "log-proof", "state", "socket");
    }

    private static void AssertAll(string outcome, JsonElement checks, params string[] names)
    {
        foreach (var name in names)
            Assert.True(checks.EnumerateArray().Any(check => check.GetProperty("name").GetString() == name && check.GetProperty("outcome").GetString() == outcome), $"{name} is not {outcome}: {checks}");
    }

    /// <summary>What is not as it should be on this machine itself is not asserted: it is not the node's.</summary>
    private async Task<JsonElement> ExamineAsync()
    {
        var config = Path.Combine(Guard.Directory, "config.yaml");
        await File.WriteAllTextAsync(config, $"""
            listen: unix://{Guard.Socket}
            runtimeEndpoint: unix://{Bed.Node.RuntimeSocket}
            policy: {Guard.PolicyFile}
            stateDir: {Guard.StateDirectory}
            """);
        var run = await Command.RunAsync(Checkout.Executable, ["doctor", "--config", config, "-o", "json"]);
        Assert.True(run.Output.Length > 0, run.Errors);
        return JsonElement.Parse(run.Output);
    }

    /// <summary>While a process of that name is connected to a socket, and told so by its configuration.</summary>
    private async Task<T> WithKubeletAsync<T>(string socket, Func<Task<T>> act)
    {
        var kubelet = Path.Combine(Directory.CreateDirectory(Path.Combine(Guard.Directory, Guid.NewGuid().ToString("N"))).FullName, "kubelet");
        File.Copy("/usr/bin/perl", kubelet);
        await File.WriteAllTextAsync($"{kubelet}.yaml", $"kind: KubeletConfiguration\ncontainerRuntimeEndpoint: unix://{socket}\n");
        var start = Bed.Node.Member(kubelet, "-MSocket", "-e", Connect, socket, "--config", $"{kubelet}.yaml");
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        using var process = Process.Start(start)!;
        try
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Bed.Patience));
            return await act();
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
