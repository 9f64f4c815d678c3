using System.Diagnostics;

namespace CriGuard.TestBed;

/// <summary>A private containerd with the handlers `runc`, `crun` and `runsc`, and all that comes with it; gone when disposed.</summary>
/// <remarks>
/// The work is done by `node/node.sh`, which ends the node when its input ends. A bed whose owner is interrupted or killed is therefore removed too.
/// </remarks>
public sealed class Node : IAsyncDisposable
{
    /// <summary>For pods and for their sandboxes: a static busybox, which is killed to stop it.</summary>
    public const string Image = "criguard.test/busybox:1";

    /// <summary>The same, whose containers are told to stop (SIGTERM) before they are killed.</summary>
    public const string ToldImage = "criguard.test/told:1";

    private readonly Process process;
    private readonly Task<string> complaints;

    private readonly string group;

    private Node(Process process, Task<string> complaints, string directory, string group)
    {
        this.process = process;
        this.complaints = complaints;
        this.group = group;
        Directory = directory;
    }

    /// <summary>The private directory, under /run.</summary>
    public string Directory { get; }

    /// <summary>containerd's own socket.</summary>
    public string RuntimeSocket => Path.Combine(Directory, "containerd.sock");

    /// <summary>What containerd writes to its standard error.</summary>
    public string RuntimeLog => Path.Combine(Directory, "containerd.log");

    /// <summary>Where the logs of pods are kept, as a kubelet's `podLogsDir`.</summary>
    public string PodLogs => Path.Combine(Directory, "pods");

    /// <summary>The cgroup that holds all pods, as a kubelet of this node names it.</summary>
    public string PodGroup => "/kubepods-" + Path.GetFileName(Directory);

    /// <summary>What a kubelet of this node calls things; the directories of logs are made when they are named.</summary>
    public NodeNames Names => new(
        pod => $"{PodGroup}/besteffort/pod{pod.Uid}",
        pod =>
        {
            var logs = Path.Combine(Directory, "pods", $"{pod.Namespace}_{pod.Name}_{pod.Uid}");
            foreach (var container in pod.Containers)
                System.IO.Directory.CreateDirectory(Path.Combine(logs, container.Name));
            return logs;
        });

    /// <summary>Starts a node and waits until its runtime answers and has the image.</summary>
    /// <exception cref="InvalidOperationException">The node did not come up; the message has what was said about it.</exception>
    public static async Task<Node> StartAsync(CancellationToken cancellation = default)
    {
        // A session of its own: Ctrl-C at a terminal must reach the owner, and only through it the node.
        var start = new ProcessStartInfo("setsid", ["--wait", "sh", Script("node.sh")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var shell = Process.Start(start)!;
        var said = shell.StandardError.ReadToEndAsync(CancellationToken.None);
        var answer = await shell.StandardOutput.ReadLineAsync(cancellation);
        if (answer?.Split(' ') is not ["ready", var directory, var group])
        {
            shell.StandardInput.Close();
            await shell.WaitForExitAsync(cancellation);
            shell.Dispose();
            throw new InvalidOperationException($"the node did not start, it needs root and what `build/packages` installs: {await said}");
        }

        return new Node(shell, said, directory, group);
    }

    /// <summary>Stops containerd as a service manager does; pods go on running.</summary>
    public Task StopRuntimeAsync() => CommandAsync("stop");

    /// <summary>Kills containerd in the middle of whatever it does; pods go on running.</summary>
    public Task KillRuntimeAsync() => CommandAsync("kill");

    /// <summary>Starts containerd again and waits until it answers.</summary>
    public Task StartRuntimeAsync() => CommandAsync("start");

    /// <summary>How to start a program that ends with the node, however that ends.</summary>
    public ProcessStartInfo Member(string program, params IEnumerable<string> arguments) =>
        new("sh", [Script("join.sh"), group, program, .. arguments]) { UseShellExecute = false };

    /// <summary>Runs a program with the runtime's own mounts, which the machine does not share: what a kubelet mounts there, this runtime sees.</summary>
    public Task<string> WithItsMountsAsync(string program, params IEnumerable<string> arguments) =>
        Command.OutputAsync("nsenter", [$"--mount=/proc/{RuntimePid()}/ns/mnt", program, .. arguments]);

    /// <summary>Connects to a port in the runtime's network, which the machine does not share.</summary>
    /// <exception cref="IOException">The network cannot be entered, or nobody listens there.</exception>
    public Task<Stream> ConnectAsync(int port) => NodeNetwork.ConnectAsync($"/proc/{RuntimePid()}/ns/net", port);

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private string RuntimePid()
    {
        return System.IO.Directory.EnumerateDirectories("/proc").Select(static d => Path.GetFileName(d)).First(pid =>
            int.TryParse(pid, out _) && CommandLine(pid).StartsWith("containerd\0", StringComparison.Ordinal) && CommandLine(pid).Contains(Directory, StringComparison.Ordinal));

        static string CommandLine(string pid)
        {
            try
            {
                return File.ReadAllText($"/proc/{pid}/cmdline");
            }
            catch (IOException)
            {
                // It has ended since it was listed.
                return "";
            }
        }
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "node", name);

    private async Task CommandAsync(string command)
    {
        await process.StandardInput.WriteLineAsync(command);
        await process.StandardInput.FlushAsync();
        var answer = await process.StandardOutput.ReadLineAsync();
        if (answer != "done")
            throw new InvalidOperationException($"the node did not obey `{command}`: {await complaints}");
    }
}
