using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using NamespaceMode = CriGuard.Cri.Runtime.NamespaceMode;

namespace CriGuard.Cri.Tests.Facts;

public sealed class IdentityReaderTests
{
    private static readonly SandboxFacts Pinned = new() { Pod = new PodIdentity("team-a", "web-0", "2f1c") };

    [Fact]
    public void User_groups_label_and_masks_of_a_container_are_read()
    {
        var facts = Read(static c =>
        {
            c.RunAsUser = new Int64Value { Value = 1000 };
            c.RunAsUsername = "web";
            c.RunAsGroup = new Int64Value { Value = 2000 };
            c.SupplementalGroups.Add(6);
            c.SupplementalGroupsPolicy = SupplementalGroupsPolicy.Strict;
            c.SelinuxOptions = new SELinuxOption { User = "u", Role = "r", Type = "t", Level = "l" };
            c.ReadonlyRootfs = true;
            c.ReadonlyPaths.Add("/proc/sys");
        });

        Assert.Equal((1000, "web", 2000, false), (facts.User.Id, facts.User.Name, facts.User.Group, facts.User.AddsGroupsOfImage));
        Assert.Equal<IEnumerable<long>>([6], facts.User.Supplemental);
        Assert.Equal(new SeLinuxRequest("u", "r", "t", "l"), facts.SeLinux);
        Assert.True(facts.ReadOnlyRoot);
        Assert.Equal<IEnumerable<string>>(["/proc/kcore"], facts.MaskedPaths);
        Assert.Equal<IEnumerable<string>>(["/proc/sys"], facts.ReadonlyPaths);
    }

    [Fact]
    public void Nothing_said_of_the_user_is_not_root()
    {
        var facts = Read(static _ => { });

        Assert.Null(facts.User.Id);
        Assert.Null(facts.User.Group);
        Assert.True(facts.User.AddsGroupsOfImage);
    }

    [Theory]
    [InlineData(NamespaceMode.Pod, true, false)]
    [InlineData(NamespaceMode.Pod, false, true)]
    [InlineData(NamespaceMode.Node, true, true)]
    public void T_U9_a_user_namespace_without_mappings_is_the_nodes(NamespaceMode mode, bool mapped, bool ofTheNode)
    {
        var sent = new UserNamespace { Mode = mode };
        if (mapped)
            sent.Uids.Add(new IDMapping { HostId = 65536, ContainerId = 0, Length = 65536 });

        var facts = Read(c => c.NamespaceOptions.UsernsOptions = sent);

        Assert.Equal(ofTheNode, facts.UserNamespace.OfTheNode);
        Assert.Equal<IEnumerable<IdMapping>>(mapped ? [new IdMapping(65536, 0, 65536)] : [], facts.UserNamespace.Users);
    }

    [Fact]
    public void Sysctls_ports_of_the_node_and_the_user_namespace_of_a_pod_are_read()
    {
        var request = Messages.RunPodSandbox();
        request.Config.Linux.Sysctls["kernel.shm_rmid_forced"] = "1";
        request.Config.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = 8080 });
        request.Config.PortMappings.Add(new PortMapping { ContainerPort = 81 });

        var facts = SandboxReader.Read(Messages.Receive(request));

        Assert.Equal("1", facts.Sysctls["kernel.shm_rmid_forced"]);
        Assert.Equal(new HostPort(8080, 80), Assert.Single(facts.HostPorts));
        Assert.Empty(facts.Anomalies);
    }

    [Fact]
    public void T_W1_windows_fields_are_odd_and_their_host_process_is_read()
    {
        var request = Messages.RunPodSandbox();
        request.Config.Windows = new WindowsPodSandboxConfig { SecurityContext = new WindowsSandboxSecurityContext { HostProcess = true } };

        var facts = SandboxReader.Read(Messages.Receive(request));

        Assert.True(facts.AsksForHostProcess);
        Assert.Equal(new Anomaly("config.windows", "Windows settings are sent, which nothing on this node reads"), Assert.Single(facts.Anomalies));
    }

    [Fact]
    public void T_U8_the_user_of_an_image_is_a_number_a_name_or_root()
    {
        var asked = new ImageFacts("sha256:1", "");

        Assert.Equal(ImageUser.Root, ImageReader.Read(asked, new ImageStatusResponse { Image = new Image() }).User);
        Assert.Equal(new ImageUser(101, ""), ImageReader.Read(asked, new ImageStatusResponse { Image = new Image { Uid = new Int64Value { Value = 101 } } }).User);
        Assert.Equal(new ImageUser(null, "web"), ImageReader.Read(asked, new ImageStatusResponse { Image = new Image { Username = "web" } }).User);
        Assert.Null(ImageReader.Read(asked, new ImageStatusResponse()).User);
    }

    private static ContainerFacts Read(Action<LinuxContainerSecurityContext> with) => ContainerReader.Read(Messages.Receive(Messages.CreateContainer(with)), Pinned);
}
