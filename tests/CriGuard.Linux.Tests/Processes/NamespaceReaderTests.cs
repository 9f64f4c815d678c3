using CriGuard.Linux.Mounts;
using CriGuard.Linux.Processes;

namespace CriGuard.Linux.Tests.Processes;

public sealed class NamespaceReaderTests
{
    [Theory]
    [InlineData("/proc/1/ns/net", true)]
    [InlineData("/proc/812/ns/pid_for_children", true)]
    [InlineData("/proc/self/ns/net", false)]
    [InlineData("//proc/1/ns/net", false)]
    [InlineData("/proc/1/ns/..", false)]
    [InlineData("/proc/1/root/proc/1/ns/net", false)]
    [InlineData("/run/netns/x", false)]
    public void Of_a_process_by_its_number_alone(string path, bool isOne) => Assert.Equal(isOne, NamespaceReader.IsOfProcess(path));

    [Fact]
    public void T_H1_a_namespace_is_the_nodes_by_its_inode()
    {
        // Without CAP_SYS_PTRACE the kernel says nothing of process 1.
        Assert.NotEqual(false, NamespaceReader.IsOfTheNode(MountView.Own, "network", "/proc/1/ns/net"));
        Assert.NotEqual(true, NamespaceReader.IsOfTheNode(MountView.Own, "network", "/proc/1/ns/ipc"));
        Assert.Null(NamespaceReader.IsOfTheNode(MountView.Own, "network", "/nowhere"));
    }

    [Fact]
    public void A_file_is_one_by_all_its_paths()
    {
        Assert.Equal(FileIdentity.Of("/proc/self/exe"), FileIdentity.Of(Environment.ProcessPath!));
        Assert.NotEqual(FileIdentity.Of("/proc/self/exe"), FileIdentity.Of("/proc/self/status"));
    }
}
