using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Mounts whose source is not what it is called: what is protected stays as it was, and what is allowed is reached.</summary>
public sealed class MountTests : BehindPolicy, IDisposable
{
    private readonly DirectoryInfo _shared = Directory.CreateTempSubdirectory("criguard-shared-");

    /// <summary>In the directory of the runtime's socket, which is protected because it holds that.</summary>
    private readonly string _stolen;

    public MountTests(Bed bed)
        : base(bed) => _stolen = Path.Combine(bed.Node.Directory, "written-by-a-pod");

    protected override string Policy => $$"""
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: tenants
        rules:
          - name: baseline
            mode: enforce
            hostPaths: { allow: [{ path: {{_shared.FullName}} }] }
        """;

    public void Dispose()
    {
        File.Delete(_stolen);
        _shared.Delete(recursive: true);
    }

    [Fact]
    public async Task T_M2_symlink_to_a_protected_directory_is_refused_and_nothing_is_written_there()
    {
        var link = _shared.FullName + "/link";
        File.CreateSymbolicLink(link, Bed.Node.Directory);

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(Writing(link)));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains($"`{Bed.Node.Directory}`", failure.Text);
        Assert.False(File.Exists(_stolen));
    }

    [Fact]
    public async Task T_M2_symlink_to_an_allowed_directory_is_written_to()
    {
        var link = _shared.FullName + "/link";
        File.CreateSymbolicLink(link, _shared.CreateSubdirectory("real").FullName);

        await using var pod = await Kubelet.RunAsync(Writing(link));
        await Kubelet.ExitCodeAsync(pod.Main, CancellationToken.None);

        Assert.True(File.Exists(_shared.FullName + "/real/written-by-a-pod"));
    }

    [Fact]
    public async Task T_M2_symlink_that_is_put_in_between_is_caught_at_the_start()
    {
        var (real, spec) = (_shared.CreateSubdirectory("real").FullName, Writing(_shared.FullName + "/real"));
        var sandbox = await Kubelet.RunSandboxAsync(spec);
        try
        {
            var container = await Kubelet.CreateAsync(sandbox, spec, spec.Containers[0]);
            Directory.Move(real, real + "-before");
            File.CreateSymbolicLink(real, Bed.Node.Directory);

            var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.StartAsync(container));
            Assert.Equal(PermissionDenied, failure.Code);
            Assert.Contains($"`{Bed.Node.Directory}`", failure.Text);
            Assert.False(File.Exists(_stolen));

            // Past the gate the same start writes there: the runtime follows the new link.
            await Straight.StartAsync(container);
            await Straight.ExitCodeAsync(container, CancellationToken.None);
            Assert.True(File.Exists(_stolen));
        }
        finally
        {
            await Straight.RemovePodAsync(sandbox);
        }
    }

    [Fact]
    public async Task T_M3_subpath_that_a_kubelet_bound_is_judged_by_its_source()
    {
        var spec = Writing("");
        var pod = $"/var/lib/kubelet/pods/{spec.Uid}";
        var subpath = $"{pod}/volume-subpaths/v/main/0";
        await Bed.Node.WithItsMountsAsync("mkdir", "-p", subpath);
        await Bed.Node.WithItsMountsAsync("mount", "--bind", Bed.Node.Directory, subpath);
        try
        {
            var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(Writing(subpath) with { Uid = spec.Uid }));

            Assert.Equal(PermissionDenied, failure.Code);
            Assert.Contains($"`{Bed.Node.Directory}`", failure.Text);
            Assert.False(File.Exists(_stolen));
        }
        finally
        {
            await Bed.Node.WithItsMountsAsync("umount", subpath);
            await Bed.Node.WithItsMountsAsync("rm", "-r", pod);
        }
    }

    [Fact]
    public async Task T_M5_socket_of_the_runtime_is_refused_and_a_missing_path_is_not_made()
    {
        foreach (var path in (string[])[Bed.Node.RuntimeSocket, Bed.Node.Directory + "/missing"])
            Assert.Equal(PermissionDenied, (await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(Writing(path)))).Code);

        Assert.False(Directory.Exists(Bed.Node.Directory + "/missing"));
    }

    private static PodSpec Writing(string hostPath) => PodSpec.Ordinary with
    {
        Containers =
        [
            new()
            {
                Command = ["/bin/busybox", "touch", "/host/written-by-a-pod"],
                HostPaths = new Dictionary<string, string> { ["/host"] = hostPath },
            },
        ],
    };
}
