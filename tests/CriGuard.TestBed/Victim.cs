using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CriGuard.TestBed;

/// <summary>The program of `tests/seccomp-victim`, run by an OCI runtime under a profile: it makes calls, and tells what the kernel answers.</summary>
public static class Victim
{
    private static readonly Lazy<Task<string>> Program = new(BuildAsync);

    /// <summary>The static program, built when it is first asked for.</summary>
    public static string File => Program.Value.GetAwaiter().GetResult();

    /// <param name="runtime">`runc` or `crun`.</param>
    /// <param name="seccomp">The profile as an OCI runtime reads it; null for none.</param>
    /// <param name="calls">Each `x64 NUMBER ARGUMENTS`, `x86 …` or `x32 …`.</param>
    /// <returns>The exit code, and the errors of the calls as far as it came.</returns>
    public static async Task<(int ExitCode, IReadOnlyList<int> Errors)> RunAsync(string runtime, string? seccomp, IEnumerable<string> calls)
    {
        var bundle = Directory.CreateTempSubdirectory("criguard-victim-");
        try
        {
            var root = bundle.CreateSubdirectory("rootfs");
            root.CreateSubdirectory("proc");
            root.CreateSubdirectory("dev");
            System.IO.File.Copy(await Program.Value, Path.Combine(root.FullName, "victim"));
            await System.IO.File.WriteAllTextAsync(Path.Combine(bundle.FullName, "config.json"), Config(seccomp).ToJsonString());
            string[] run = ["--root", Path.Combine(bundle.FullName, "state"), "run", "--bundle", bundle.FullName, bundle.Name];

            // crun takes no hybrid tree of cgroups: it is shown none of v2.
            const string hidden = "umount /sys/fs/cgroup/unified 2> /dev/null; exec crun --cgroup-manager=disabled \"$@\"";
            using var process = Process.Start(new ProcessStartInfo(
                runtime == "crun" ? "unshare" : runtime, runtime == "crun" ? ["--mount", "--propagation", "private", "sh", "-c", hidden, "crun", .. run] : run)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.StandardInput.WriteAsync(string.Concat(calls.Select(static call => call + "\n")));
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            var answers = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return answers.Length == 0 && (await errors).Length > 0 && process.ExitCode < 128
                ? throw new InvalidOperationException($"`{runtime}` did not run the victim: {await errors}")
                : (process.ExitCode, [.. answers.Select(int.Parse)]);
        }
        finally
        {
            bundle.Delete(recursive: true);
        }
    }

    private static JsonObject Config(string? seccomp)
    {
        string[] namespaces = ["pid", "mount", "network", "ipc", "uts"];
        var linux = new JsonObject { ["namespaces"] = new JsonArray([.. namespaces.Select(static type => new JsonObject { ["type"] = type })]) };
        if (seccomp is not null)
            linux["seccomp"] = JsonNode.Parse(seccomp);
        return new JsonObject
        {
            ["ociVersion"] = "1.0.2",
            ["process"] = new JsonObject
            {
                ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
                ["args"] = new JsonArray("/victim"),
                ["cwd"] = "/",
                ["capabilities"] = new JsonObject(),
                ["noNewPrivileges"] = true,
            },
            ["root"] = new JsonObject { ["path"] = "rootfs", ["readonly"] = true },
            ["mounts"] = new JsonArray(new JsonObject { ["destination"] = "/proc", ["type"] = "proc", ["source"] = "proc" }),
            ["linux"] = linux,
        };
    }

    private static async Task<string> BuildAsync()
    {
        var program = Path.Combine(Checkout.Root, "artifacts", "seccomp-victim");
        await Command.OutputAsync(Path.Combine(Checkout.Root, "tests", "seccomp-victim", "build"), program);
        return program;
    }
}
