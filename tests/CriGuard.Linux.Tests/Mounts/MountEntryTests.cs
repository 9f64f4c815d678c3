using System.Text;
using CriGuard.Linux.Mounts;

namespace CriGuard.Linux.Tests.Mounts;

public sealed class MountEntryTests
{
    [Fact]
    public void A_line_as_the_manual_has_it_is_read()
    {
        Assert.True(MountEntry.TryParse("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"u8, out var entry));
        Assert.Equal(new MountEntry(36, 35, "98:0", "/mnt1", "/mnt2", "ext3"), entry);
    }

    [Theory]
    [InlineData("36 35 98:0 / /a rw - ext4 /dev/root rw", "/a")]
    [InlineData("36 35 98:0 / /a\\040b\\134c\\011\\012 rw shared:1 master:2 propagate_from:3 - ext4 - rw", "/a b\\c\t\n")]
    [InlineData("36 35 98:0 / /a\\04 rw - tmpfs tmpfs rw", "/a\\04")]
    public void Escapes_are_undone_and_optional_fields_passed_over(string line, string point)
    {
        Assert.True(MountEntry.TryParse(Encoding.UTF8.GetBytes(line), out var entry));
        Assert.Equal(point, entry.Point);
    }

    [Theory]
    [InlineData("")]
    [InlineData("36 35 98:0 / /a rw")]
    [InlineData("36 35 98:0 / - ext4")]
    [InlineData("x 35 98:0 / /a rw - ext4 /dev/root rw")]
    [InlineData("36 35x 98:0 / /a rw - ext4 /dev/root rw")]
    [InlineData("36 35 98:0 / a rw - ext4 /dev/root rw")]
    [InlineData("36 35 98:0  /a rw - ext4 /dev/root rw")]
    public void What_is_no_such_line_is_refused(string line) => Assert.False(MountEntry.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void A_point_that_is_no_text_is_refused() =>
        Assert.False(MountEntry.TryParse([.. "36 35 98:0 / /a"u8, 0xFF, .. " rw - ext4 /dev/root rw"u8], out _));

    [Fact]
    public void Every_line_of_this_machine_is_read()
    {
        var lines = File.ReadAllLines("/proc/self/mountinfo");

        Assert.NotEmpty(lines);
        Assert.All(lines, static line => Assert.True(MountEntry.TryParse(Encoding.UTF8.GetBytes(line), out _), line));
    }
}
