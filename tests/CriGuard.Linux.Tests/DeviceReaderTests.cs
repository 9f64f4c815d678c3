using CriGuard.Core.Workloads;

namespace CriGuard.Linux.Tests;

public sealed class DeviceReaderTests
{
    private static readonly DeviceNode Null = new(DeviceKind.Character, 1, 3, "/dev/null");

    [Fact]
    public void A_device_is_read_with_the_kernels_name() => Assert.Equal(Null, new DeviceReader().Read("/dev/null"));

    [Fact]
    public void T_D1_a_symbolic_link_is_what_it_leads_to()
    {
        using var directory = new TemporaryDirectory();
        var link = Path.Combine(directory.Path, "fuse");
        File.CreateSymbolicLink(link, "/dev/null");

        Assert.Equal(Null, new DeviceReader().Read(link));
    }

    [Fact]
    public void What_is_no_device_is_told_by_its_kind()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("file", "");
        var reader = new DeviceReader();

        Assert.Equal(DeviceKind.Directory, reader.Read(directory.Path).Kind);
        Assert.Equal(DeviceKind.Other, reader.Read(Path.Combine(directory.Path, "file")).Kind);
        Assert.Equal(DeviceKind.Missing, reader.Read(Path.Combine(directory.Path, "none")).Kind);
        Assert.Equal(DeviceKind.Missing, reader.Read("dev/null").Kind);
        Assert.Equal(DeviceKind.Missing, reader.Read("/dev/null\0x").Kind);
    }

    [Fact]
    public void A_number_has_the_name_that_sysfs_tells()
    {
        using var sysfs = new TemporaryDirectory();
        sysfs.Write("dev/block/8:1/uevent", "MAJOR=8\nMINOR=1\nDEVNAME=sda1\nDEVTYPE=partition\n");
        sysfs.Write("dev/char/10:200/uevent", "DEVNAME=net/tun\n");
        var reader = new DeviceReader(sysfs.Path, sysfs.Path);

        Assert.Equal("/dev/sda1", reader.Read(DeviceKind.Block, 8, 1).Name);
        Assert.Equal("/dev/net/tun", reader.Read(DeviceKind.Character, 10, 200).Name);
    }

    [Fact]
    public void A_driver_that_sysfs_does_not_know_is_found_by_its_node()
    {
        using var sysfs = new TemporaryDirectory();

        Assert.Equal("/dev/null", new DeviceReader(sysfs.Path).Read(DeviceKind.Character, 1, 3).Name);
        Assert.Equal("", new DeviceReader(sysfs.Path, sysfs.Path).Read(DeviceKind.Character, 1, 3).Name);
        Assert.Equal("", new DeviceReader(sysfs.Path, sysfs.Path + "/none").Read(DeviceKind.Character, 1, 3).Name);
    }
}
