using CriGuard.Core.Profiles.Modules;
using CriGuard.Doctor;
using CriGuard.Store.Profiles;

namespace CriGuard.Tests.Doctor;

public sealed class HostFilesTests : IDisposable
{
    private readonly TempDirectory _root = new();

    [Fact]
    public void A_node_without_any_of_it_has_nothing()
    {
        var host = new HostFiles(_root.Path);

        Assert.Empty(host.NriPlugins);
        Assert.Empty(host.Hooks);
        Assert.Empty(host.CdiSpecs(directories: null));
        Assert.False(host.ModulesDisabled);
    }

    [Fact]
    public void What_lies_in_the_directories_is_found_by_its_kind()
    {
        Write("/opt/nri/plugins/10-x", "");
        Write("/etc/containers/oci/hooks.d/h.json", "{}");
        Write("/etc/containers/oci/hooks.d/README", "");
        Write("/etc/cdi/gpu.yaml", "");
        Write("/var/run/cdi/net.json", "");
        Write("/srv/cdi/own.yaml", "");
        Write("/proc/sys/kernel/modules_disabled", "1\n");
        var host = new HostFiles(_root.Path);

        Assert.Equal(["/opt/nri/plugins/10-x"], host.NriPlugins);
        Assert.Equal(["/etc/containers/oci/hooks.d/h.json"], host.Hooks.ToArray());
        Assert.Equal(["/etc/cdi/gpu.yaml", "/var/run/cdi/net.json"], host.CdiSpecs(directories: null).ToArray());
        Assert.Equal(["/srv/cdi/own.yaml"], host.CdiSpecs(["/srv/cdi"]).ToArray());
        Assert.True(host.ModulesDisabled);
    }

    [Fact]
    public void Modules_are_loadable_until_a_rule_refuses_them()
    {
        var rules = ModprobeRules.Write(ShippedProfiles.KernelModules, ["sctp"]);
        Write("/etc/modprobe.d/criguard.conf", rules);

        Assert.Equal(["sctp"], new HostFiles(_root.Path).LoadableModules().ToArray());
        Write("/usr/lib/modprobe.d/own.conf", "install  sctp\t/usr/bin/false # not here\n");
        Assert.Empty(new HostFiles(_root.Path).LoadableModules());
    }

    [Theory]
    [InlineData("blacklist sctp")]
    [InlineData("# install sctp /bin/false")]
    [InlineData("install sctp /sbin/modprobe --ignore-install sctp")]
    public void A_line_that_does_not_keep_a_module_out_is_no_rule(string line)
    {
        Write("/etc/modprobe.d/own.conf", line);

        Assert.Contains("sctp", new HostFiles(_root.Path).LoadableModules());
    }

    public void Dispose() => _root.Dispose();

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root.Path + path)!);
        File.WriteAllText(_root.Path + path, text);
    }
}
