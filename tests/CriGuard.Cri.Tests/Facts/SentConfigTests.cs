using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using ProfileType = CriGuard.Cri.Runtime.SecurityProfile.Types.ProfileType;

namespace CriGuard.Cri.Tests.Facts;

public sealed class SentConfigTests
{
    // Cut down from what containerd gives: names of the CRI, enums as numbers, what is empty left out.
    private const string Container = """
        {
          "sandboxID": "5a0dbc", "pid": 7,
          "config": {
            "metadata": { "name": "web", "attempt": 2 },
            "image": { "image": "sha256:0f", "user_specified_image": "registry.example/web:1" },
            "command": ["/web"], "envs": [{ "key": "A", "value": "B" }],
            "mounts": [{ "container_path": "/data", "host_path": "/srv", "propagation": 2, "uidMappings": [{ "host_id": 1, "length": 3 }] }],
            "labels": { "a": "b" }, "CDI_devices": [{ "name": "v/c=d" }],
            "linux": {
              "resources": { "cpu_period": 100000, "oom_score_adj": 1000 },
              "security_context": {
                "capabilities": { "add_capabilities": ["SYS_PTRACE"] }, "namespace_options": { "pid": 1 },
                "run_as_user": { "value": 1000 }, "run_as_group": {}, "no_new_privs": true, "masked_paths": ["/proc/kcore"],
                "seccomp": { "profile_type": 2, "localhost_ref": "/p.json" }
              }
            }
          },
          "runtimeSpec": {}
        }
        """;

    [Fact]
    public void A_container_is_read_back_as_it_was_asked_for()
    {
        var config = SentConfig.Read(Status(Container))!;

        Assert.Equal(("web", 2u, "sha256:0f"), (config.Metadata.Name, config.Metadata.Attempt, config.Image.Image));
        var mount = Assert.Single(config.Mounts);
        Assert.Equal(("/srv", MountPropagation.PropagationBidirectional, 3u), (mount.HostPath, mount.Propagation, Assert.Single(mount.UidMappings).Length));
        Assert.Equal("v/c=d", Assert.Single(config.CDIDevices).Name);
        var context = config.Linux.SecurityContext;
        Assert.Equal((NamespaceMode.Container, 1000, 0), (context.NamespaceOptions.Pid, context.RunAsUser.Value, context.RunAsGroup.Value));
        Assert.Equal((ProfileType.Localhost, "/p.json"), (context.Seccomp.ProfileType, context.Seccomp.LocalhostRef));
        Assert.True(context.NoNewPrivs);
        Assert.Equal(["SYS_PTRACE"], context.Capabilities.AddCapabilities);
    }

    [Fact]
    public void A_sandbox_is_read_back_as_it_was_asked_for()
    {
        var response = new PodSandboxStatusResponse { Info = { ["info"] = """
            { "config": {
              "metadata": { "name": "web-0", "namespace": "dev", "uid": "u" }, "hostname": "web-0", "port_mappings": [{ "container_port": 80, "host_port": 8080 }],
              "linux": { "security_context": { "namespace_options": { "network": 2 }, "privileged": true }, "sysctls": { "kernel.msgmax": "1" } } } }
            """ } };

        var config = SentConfig.Read(response)!;

        Assert.Equal(("web-0", 8080, "1"), (config.Metadata.Name, Assert.Single(config.PortMappings).HostPort, config.Linux.Sysctls["kernel.msgmax"]));
        Assert.True(config.Linux.SecurityContext.Privileged);
        Assert.Equal(NamespaceMode.Node, config.Linux.SecurityContext.NamespaceOptions.Network);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "runtimeSpec": {}, "privileged": true }""")]
    [InlineData("""{ "config": {} }""")]
    [InlineData("""{ "config": { "metadata": { "name": 1 } } }""")]
    [InlineData("""{ "config": { "metadata": { "name": "web" }, "linux": { "security_context": { "no_new_privs": "maybe" } } } }""")]
    [InlineData("{ \"config\": { \"metadata\": { \"name\": \"\\ud800\" } } }")]
    [InlineData("[")]
    public void What_is_no_whole_configuration_is_none(string info) => Assert.Null(SentConfig.Read(Status(info)));

    private static ContainerStatusResponse Status(string info) => new() { Info = { ["info"] = info } };
}
