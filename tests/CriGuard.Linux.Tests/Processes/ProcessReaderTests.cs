using CriGuard.Linux.Processes;

namespace CriGuard.Linux.Tests.Processes;

public sealed class ProcessReaderTests
{
    // CAP_NET_RAW, bit 13 (capabilities(7)).
    private const ulong NetRaw = 1 << 13;

    private readonly ProcessReader _reader = new();

    [Fact]
    public void Our_own_process_is_read_from_the_real_kernel()
    {
        Assert.True(_reader.TryReadStatus(Environment.ProcessId, out var status));

        Assert.Equal(Environment.IsPrivilegedProcess, status.EffectiveUid == 0);
        Assert.Equal(0ul, status.Capabilities.Effective & ~status.Capabilities.Permitted);
        Assert.Equal(Environment.ProcessPath, _reader.ReadExecutable(Environment.ProcessId));
    }

    [Fact]
    public void A_child_that_the_kernel_confines_more_is_told_from_us()
    {
        using var child = Child.Start("/usr/bin/setpriv", "--no-new-privs", "/bin/sh", "-c", "echo ready; read x");

        Assert.True(_reader.TryReadStatus(child.Id, out var status));
        Assert.True(_reader.TryReadStatus(Environment.ProcessId, out var ours));
        Assert.True(status.NoNewPrivileges);
        Assert.Equal(ours.Capabilities.Bounding, status.Capabilities.Bounding);
    }

    [Fact]
    public void A_capability_that_root_takes_from_a_child_is_gone_from_its_bounding_and_effective_sets()
    {
        using var child = Child.Start("/usr/bin/setpriv", "--bounding-set=-net_raw", "/bin/sh", "-c", "echo ready; read x");

        Assert.True(_reader.TryReadStatus(child.Id, out var status));
        Assert.Equal(0ul, status.Capabilities.Bounding & NetRaw);
        Assert.Equal(0ul, status.Capabilities.Effective & NetRaw);
    }

    [Fact]
    public void A_process_that_is_not_there_has_no_status_and_no_executable()
    {
        Assert.False(_reader.TryReadStatus(int.MaxValue, out _));
        Assert.Equal("", _reader.ReadExecutable(int.MaxValue));
    }

    [Fact]
    public void The_proc_file_system_may_be_mounted_elsewhere()
    {
        using var root = new TemporaryDirectory();
        root.Write("7/status", File.ReadAllText("/proc/self/status"));
        File.CreateSymbolicLink(Path.Combine(root.Path, "7/exe"), "/usr/bin/kubelet");
        var reader = new ProcessReader(root.Path);

        Assert.True(reader.TryReadStatus(7, out _));
        Assert.Equal("/usr/bin/kubelet", reader.ReadExecutable(7));
    }
}
