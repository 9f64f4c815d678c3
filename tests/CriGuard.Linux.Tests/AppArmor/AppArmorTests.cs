using System.Text;
using CriGuard.Linux.AppArmor;
using FsCheck;

namespace CriGuard.Linux.Tests.AppArmor;

public sealed class AppArmorTests
{
    private const string Enabled = "module/apparmor/parameters/enabled";

    private const string Profiles = "kernel/security/apparmor/profiles";

    [Theory]
    [InlineData("cri-containerd.apparmor.d (enforce)", "cri-containerd.apparmor.d", "enforce", true)]
    [InlineData("/usr/bin/man (complain)", "/usr/bin/man", "complain", false)]
    [InlineData("web (kill)", "web", "kill", true)]
    [InlineData("unconfined (unconfined)", "unconfined", "unconfined", false)]
    [InlineData("Xorg (old) build (enforce)", "Xorg (old) build", "enforce", true)]
    [InlineData("a//null-/bin/(enforce) (complain)", "a//null-/bin/(enforce)", "complain", false)]
    public void A_line_is_a_name_and_a_mode(string line, string name, string mode, bool enforced)
    {
        Assert.True(AppArmorProfile.TryParse(Encoding.UTF8.GetBytes(line), out var profile));

        Assert.Equal(new AppArmorProfile(name, mode), profile);
        Assert.Equal(enforced, profile.IsEnforced);
    }

    [Theory]
    [InlineData("")]
    [InlineData("name")]
    [InlineData(" (enforce)")]
    [InlineData("name (enforce")]
    [InlineData("name(enforce)")]
    public void What_is_no_such_line_is_not_read(string line)
    {
        Assert.False(AppArmorProfile.TryParse(Encoding.UTF8.GetBytes(line), out _));
    }

    [Fact]
    public void Junk_is_never_an_exception() => Prop.ForAll<byte[]>(static line =>
        Assert.Equal(AppArmorProfile.TryParse(line, out var profile), profile is not null)).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_enforced_profiles_count()
    {
        using var sys = new TemporaryDirectory();
        sys.Write(Enabled, "Y\n");
        sys.Write(Profiles, "b (enforce)\na (kill)\nc (complain)\n");

        Assert.Equal(["a", "b"], new AppArmorReader(sys.Path).ReadEnforced()!);
    }

    [Theory]
    [InlineData("N\n")]
    [InlineData("")]
    [InlineData(null)]
    public void Where_apparmor_is_off_there_is_no_list_even_if_one_is_left(string? enabled)
    {
        using var sys = new TemporaryDirectory();
        sys.Write(Profiles, "b (enforce)\n");
        if (enabled is not null)
            sys.Write(Enabled, enabled);

        Assert.Null(new AppArmorReader(sys.Path).ReadEnforced());
    }

    [Fact]
    public void A_list_that_cannot_be_read_is_empty_and_not_off()
    {
        using var sys = new TemporaryDirectory();
        sys.Write(Enabled, "Y\n");

        Assert.Empty(new AppArmorReader(sys.Path).ReadEnforced()!);
    }

    [Fact]
    public void The_real_kernel_says_the_same_as_its_own_file()
    {
        const string file = "/sys/" + Enabled;

        Assert.Equal(File.Exists(file) && File.ReadAllText(file) == "Y\n", new AppArmorReader().IsEnabled());
    }

    [Fact]
    public void A_file_of_the_kernel_that_claims_a_whole_page_is_read_to_its_real_end()
    {
        // A switch of the kernel like AppArmor's own, in the real sysfs.
        const string parameter = "/sys/module/printk/parameters/time";
        Assert.Equal(Environment.SystemPageSize, new FileInfo(parameter).Length);
        using var sys = new TemporaryDirectory();
        sys.Write(Profiles, "");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(sys.Path, Enabled))!);
        File.CreateSymbolicLink(Path.Combine(sys.Path, Enabled), parameter);

        Assert.Equal(File.ReadAllText(parameter) == "Y\n", new AppArmorReader(sys.Path).IsEnabled());
    }
}
