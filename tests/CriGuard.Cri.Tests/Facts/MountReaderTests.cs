using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using Google.Protobuf;
using MountPropagation = CriGuard.Core.Workloads.MountPropagation;

namespace CriGuard.Cri.Tests.Facts;

public sealed class MountReaderTests
{
    private static readonly SandboxFacts Sandbox = new() { Pod = new PodIdentity("shop", "web-0", "7c1e"), Id = "5a17" };

    [Fact]
    public void Every_field_of_a_mount_is_read()
    {
        var mount = new Mount
        {
            ContainerPath = "/a",
            HostPath = "/b",
            Readonly = true,
            SelinuxRelabel = true,
            Propagation = CriGuard.Cri.Runtime.MountPropagation.PropagationBidirectional,
            RecursiveReadOnly = true,
            GidMappings = { new IDMapping { HostId = 0, ContainerId = 5, Length = 1 } },
            Image = new ImageSpec { Image = "sha256:1", UserSpecifiedImage = "x" },
            MountOptions = { "noexec" },
        };
        var read = Assert.Single(Read(mount).Mounts);

        Assert.Equal(("/a", "/b", true, true, true, true), (read.ContainerPath, read.HostPath, read.ReadOnly, read.SelinuxRelabel, read.RecursiveReadOnly, read.MapsHostRoot));
        Assert.Equal((MountPropagation.Bidirectional, true), (read.Propagation, read.IsImage));
        Assert.Equal<string>(["noexec"], [.. read.Options]);
        Assert.Null(read.Target);
    }

    [Fact]
    public void A_mount_that_says_nothing_has_the_defaults()
    {
        var read = Assert.Single(Read(new Mount { UidMappings = { new IDMapping { HostId = 65536, Length = 65536 } } }).Mounts);

        Assert.Equal((MountPropagation.Private, false, false), (read.Propagation, read.ReadOnly, read.MapsHostRoot));
        Assert.False(read.IsImage);
    }

    [Fact]
    public void A_spec_has_its_bind_mounts_whoever_made_them()
    {
        const string mounts = """
            [ { "destination": "/proc", "type": "proc", "source": "proc" },
              { "destination": "/a", "source": "/srv", "options": ["rbind", "rslave", "rro"], "uidMappings": [{ "hostID": 0, "containerID": 0, "size": 1 }] },
              { "destination": "/b", "type": "bind", "source": "/srv/5a17x", "options": ["rshared", "rw"] },
              { "destination": "/etc/hosts", "type": "bind", "source": "/run/c/sandboxes/5a17/hosts", "options": ["rbind"] },
              7 ]
            """;
        var read = Started(mounts).Spec!.Mounts;

        Assert.Equal<string>(["/srv", "/srv/5a17x", "/run/c/sandboxes/5a17/hosts"], [.. read.Select(static m => m.HostPath)]);
        Assert.Equal((MountPropagation.HostToContainer, true, true, true), (read[0].Propagation, read[0].ReadOnly, read[0].RecursiveReadOnly, read[0].MapsHostRoot));
        Assert.Equal((MountPropagation.Bidirectional, false, "/b"), (read[1].Propagation, read[1].ReadOnly, read[1].ContainerPath));
    }

    private static StartFacts Started(string mounts) => StartReader.Read(
        new ContainerStatusResponse
        {
            Status = new ContainerStatus { Id = "c0de" },
            Info = { ["info"] = $$"""{ "runtimeSpec": { "process": {}, "linux": {}, "mounts": {{mounts}} } }""" },
        },
        Sandbox);

    private static ContainerFacts Read(Mount mount)
    {
        var request = new CreateContainerRequest { Config = new ContainerConfig { Mounts = { mount }, LogPath = "web/0.log" } };
        Assert.True(Received.TryParse<CreateContainerRequest>(request.ToByteArray(), out var received));
        return ContainerReader.Read(received, Sandbox);
    }
}
