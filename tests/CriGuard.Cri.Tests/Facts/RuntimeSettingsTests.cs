using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Tests.Facts;

public sealed class RuntimeSettingsTests
{
    [Fact]
    public void Containerd_tells_what_it_gives_beyond_requests()
    {
        var settings = Read("""
            {"disableApparmor": true, "enableCDI": true, "cdiSpecDirs": ["/etc/cdi", "/run/cdi"], "containerd": {"runtimes": {
              "wide": {"PodAnnotations": ["a.*"], "ContainerAnnotations": ["b"], "baseRuntimeSpec": "/etc/base.json", "privileged_without_host_devices_all_devices_allowed": true},
              "runc": {"PodAnnotations": null, "baseRuntimeSpec": ""}}}}
            """)!;

        Assert.True(settings.AppArmorOff);
        Assert.Equal(["/etc/cdi", "/run/cdi"], settings.CdiDirectories.ToArray());
        Assert.Equal(["runc", "wide"], settings.Handlers.Select(static h => h.Name));
        var (runc, wide) = (settings.Handlers[0], settings.Handlers[1]);
        Assert.Empty(runc.Annotations);
        Assert.Equal(("", false), (runc.BaseSpec, runc.GivesAllDevices));
        Assert.Equal(["a.*", "b"], wide.Annotations.ToArray());
        Assert.Equal(("/etc/base.json", true), (wide.BaseSpec, wide.GivesAllDevices));
    }

    [Fact]
    public void Directories_of_CDI_count_where_it_is_on() =>
        Assert.Empty(Read("""{"cdiSpecDirs": ["/etc/cdi"], "containerd": {"runtimes": {}}}""")!.CdiDirectories);

    [Fact]
    public void A_runtime_that_does_not_tell_is_not_one_without_settings() => Assert.Null(Read("""{"sandboxImage": "pause"}"""));

    private static RuntimeSettings? Read(string config) => RuntimeSettings.Read(new StatusResponse { Info = { ["config"] = config } });
}
