using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

public sealed class MountTests
{
    private static readonly Rule Denying = Given.Rule() with { HostPaths = HostPathsSetting.DenyAll };

    [Fact]
    public void A_path_that_nobody_followed_is_refused() =>
        Assert.Contains("nobody looked", Denying.Judge(Mounting(new MountFacts { ContainerPath = "/a", HostPath = "/srv" })).Refusal(), StringComparison.Ordinal);

    /// <summary>Every one of the built-in list, what holds it, and what is in it.</summary>
    [Theory]
    [InlineData("/run/containerd/containerd.sock")]
    [InlineData("/run/crio")]
    [InlineData("/var/lib/kubelet/seccomp")]
    [InlineData("/etc")]
    [InlineData("/usr/lib")]
    [InlineData("/sys/module")]
    [InlineData("/proc/sys/kernel")]
    [InlineData("/boot")]
    [InlineData("/etc/modprobe.d")]
    [InlineData("/run/systemd/private")]
    [InlineData("/run/dbus/system_bus_socket")]
    [InlineData("/run/nri/nri.sock")]
    [InlineData("/var/lib/criguard/events")]
    [InlineData("/own/state/events")]
    public void T_M4_T_M12_protected_path_needs_an_entry_of_its_own(string path)
    {
        var node = Given.Node with { OwnPaths = ["/own/state"] };
        var (below, exact) = (Allowing(new HostPathEntry("/", ReadOnly: false)), Allowing(new HostPathEntry(path, ReadOnly: false)));

        Assert.Contains("hostPaths", below.Judge(Mounting(path), node).Refusal(), StringComparison.Ordinal);
        Assert.Empty(exact.Judge(Mounting(path), node).Untouched());
        Assert.NotEmpty(Given.Rule().Judge(Mounting(path), node).Untouched());
    }

    [Theory]
    [InlineData("/srv")]
    [InlineData("/opt/app")]
    [InlineData("/run/containerd2")]
    [InlineData("/procedures")]
    public void An_ordinary_path_is_not_reported_without_a_rule(string path) => Assert.Empty(Given.Rule().Judge(Mounting(path)).Untouched());

    [Fact]
    public void A_subpath_is_of_the_type_of_its_volume()
    {
        const string pod = "/var/lib/kubelet/pods/uid-1";
        var target = new HostTarget(HostFileKind.Directory, pod + "/volume-subpaths/v/web/0") { Aliases = [pod + "/volumes/kubernetes.io~empty-dir/v/sub"] };
        var container = Mounting(new MountFacts { ContainerPath = "/a", HostPath = target.Path, Target = target });

        Assert.Empty((Given.Rule() with { Volumes = new VolumesSetting([VolumeTypes.EmptyDir]) }).Judge(container).Untouched());
        Assert.Contains(
            "`emptyDir`", (Given.Rule() with { Volumes = new VolumesSetting([VolumeTypes.Secret]) }).Judge(container).Refusal(), StringComparison.Ordinal);
    }

    private static Rule Allowing(HostPathEntry entry) => Given.Rule() with { HostPaths = new HostPathsSetting([entry]) };

    private static ContainerFacts Mounting(string path) =>
        Mounting(new MountFacts { ContainerPath = "/a", HostPath = path, Target = new HostTarget(HostFileKind.Directory, path) });

    private static ContainerFacts Mounting(MountFacts mount) => Given.Container with { Mounts = [mount] };
}
