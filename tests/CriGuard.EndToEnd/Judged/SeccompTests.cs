using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Composed profiles on containerd: what the kernel answers to a pod, and that nothing starts without its file.</summary>
public sealed class SeccompTests(Bed bed) : BehindPolicy(bed)
{
    private const int NotPermitted = 1;
    private const int NoSuchCall = 38;
    private const int Denied = 13;

    // unshare, init_module, socket(AF_ALG), the same with a bit above the lower 32, socketcall(socket) of a 32-bit program, chmod.
    private static readonly string[] Calls = ["x64 272 0x10000000", "x64 175 0 0 0", "x64 41 38 5 0", "x64 41 0x100000026 5 0", "x86 102 1 0", "x64 90 0 0"];

    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: tenants
        rules:
          - name: tenants
            mode: enforce
            match: { namespaces: [team-a] }
            seccomp: { base: default }
          - name: agents
            mode: enforce
            match: { namespaces: [agents] }
            kernelModules: deny
        """;

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task T_S4_a_pod_that_turns_the_filter_off_is_held_to_the_base(string handler)
    {
        var spec = With(PodSpec.Unconfined with { Handler = handler }, static c => c);
        await using var pod = await Kubelet.RunAsync(spec);

        int[] errors = await ErrorsAsync(pod.Main);

        Assert.Equal([NotPermitted, NotPermitted, NotPermitted, NotPermitted, NoSuchCall], errors[..5]);
        Assert.NotEqual(NotPermitted, errors[5]);
        var given = Assert.Single((await EventsAsync("call.decided", "CreateContainer"))[^1].GetProperty("changes").EnumerateArray());
        string file = given.GetProperty("after").GetString()!["Localhost/".Length..];
        Assert.StartsWith($"{Guard.StateDirectory}/seccomp/", file);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task T_S4_a_profile_of_its_own_still_denies_what_it_denied_and_never_allows_more_than_the_base()
    {
        string own = await OwnAsync("""
            { "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86"], "syscalls": [{ "names": ["chmod"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13 }] }
            """);
        await using var pod = await Kubelet.RunAsync(With(PodSpec.Ordinary, c => c with { SeccompFile = own }));

        int[] errors = await ErrorsAsync(pod.Main);

        Assert.Equal([NotPermitted, NotPermitted, NotPermitted, NotPermitted, NoSuchCall, Denied], errors);
    }

    [Fact]
    public async Task T_S10_an_agent_with_capabilities_and_no_filter_never_loads_a_module()
    {
        await using var pod = await Kubelet.RunAsync(With(PodSpec.Unconfined with { Namespace = "agents" }, static c => c with { AddCapabilities = ["SYS_ADMIN", "NET_ADMIN"] }));

        int[] errors = await ErrorsAsync(pod.Main);

        Assert.Equal([NotPermitted, NotPermitted, NotPermitted, NotPermitted, NoSuchCall], errors[..5]);
    }

    [Fact]
    public async Task T_S3_a_profile_that_others_can_write_is_refused()
    {
        string own = await OwnAsync("""{ "defaultAction": "SCMP_ACT_ALLOW" }""");
        File.SetUnixFileMode(own, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(With(PodSpec.Ordinary, c => c with { SeccompFile = own })));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains("others than root may write it", failure.Text);
    }

    [Fact]
    public async Task T_S5_a_composed_file_that_was_written_to_is_written_anew_before_it_is_used()
    {
        await using (var first = await Kubelet.RunAsync(With(PodSpec.Unconfined, static c => c)))
            Assert.Equal(NotPermitted, (await ErrorsAsync(first.Main))[0]);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Guard.StateDirectory, "seccomp")))
            await File.WriteAllTextAsync(file, """{ "defaultAction": "SCMP_ACT_ALLOW" }""");

        await using var pod = await Kubelet.RunAsync(With(PodSpec.Unconfined, static c => c));

        Assert.Equal(NotPermitted, (await ErrorsAsync(pod.Main))[0]);
    }

    [Fact]
    public async Task Without_a_directory_for_profiles_nothing_is_created()
    {
        string directory = Path.Combine(Guard.StateDirectory, "seccomp");
        await File.WriteAllTextAsync(directory, "");

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(PodSpec.Unconfined));

        Assert.Equal(Unavailable, failure.Code);
        Assert.Contains("its seccomp profile cannot be written", failure.Text);
        Assert.Equal(JsonValueKind.Object, Assert.Single(await EventsAsync("call.undecided", "RunPodSandbox")).GetProperty("answer").ValueKind);
    }

    private static PodSpec With(PodSpec spec, Func<ContainerSpec, ContainerSpec> change) => spec with
    {
        Uid = Guid.NewGuid().ToString(),
        Containers = [change(spec.Containers[0] with { HostPaths = new Dictionary<string, string> { ["/victim"] = Victim.File } })],
    };

    private async Task<string> OwnAsync(string profile)
    {
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(Guard.StateDirectory, "seccomp"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName, "own.json");
        await File.WriteAllTextAsync(file, profile);
        return file;
    }

    private async Task<int[]> ErrorsAsync(string container)
    {
        var reply = await Straight.ExecAsync(container, "/bin/busybox", "sh", "-c", $"/bin/busybox printf '{string.Join("\\n", Calls)}\\n' | /victim");
        Assert.True(reply.ExitCode == 0, reply.Stderr.ToStringUtf8());
        return [.. reply.Stdout.ToStringUtf8().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }
}
