using CriGuard.Daemon;
using CriGuard.Linux.AppArmor;
using CriGuard.Output;
using Microsoft.Extensions.Logging;

namespace CriGuard.Tests.Daemon;

/// <summary>What the daemon says of the profiles that it loads; the kernel's list is a file here, and a script writes to it in the parser's place.</summary>
public sealed class AppArmorProfilesTests : IDisposable
{
    private const string Enforcing = "echo \"$name (enforce)\" >> \"$list\"";

    private readonly TempDirectory _sys = new();
    private readonly TempDirectory _own = new();

    [Fact]
    public void The_shipped_profiles_are_loaded_and_found_in_the_kernels_list() => Assert.Equal(
        ["apparmor.loaded: AppArmor profile criguard-default loaded in enforce mode", "apparmor.loaded: AppArmor profile criguard-privileged loaded in enforce mode"],
        Load(AppArmorProfiles.Shipped, Enforcing));

    [Fact]
    public void T_A2_a_profile_that_is_not_enforced_after_it_was_loaded_is_a_lost_guarantee()
    {
        var said = Load(AppArmorProfiles.Shipped, "echo \"$name (complain)\" >> \"$list\"");

        Assert.Equal(2, said.Length);
        Assert.All(said, static line => Assert.Contains("is not in force: the kernel does not list it in enforce mode", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_parser_that_refuses_a_profile_is_quoted()
    {
        _own.Write("mine", "profile mine { }\n");

        Assert.Contains("apparmor.missing: AppArmor profile mine is not in force: `", Load(_own.Path, "echo syntax error >&2; exit 1")[2], StringComparison.Ordinal);
        Assert.Contains("ended with 1: syntax error", Load(_own.Path, "echo syntax error >&2; exit 1")[2], StringComparison.Ordinal);
    }

    [Fact]
    public void T_A8_a_profile_that_lets_a_child_leave_is_not_loaded()
    {
        _own.Write("mine", "profile mine {\n  /bin/sh Ux,\n}\n");

        Assert.Equal(
            "apparmor.missing: AppArmor profile mine is not in force: line 2: `/bin/sh Ux` lets the child run unconfined: use `ix`, or `Cx` with a profile of this file",
            Load(_own.Path, Enforcing)[0]);
        Assert.DoesNotContain("mine (enforce)", File.ReadAllLines(List));
    }

    [Fact]
    public void T_A4_a_kernel_without_AppArmor_is_said_in_one_line()
    {
        Assert.Equal(["apparmor.absent: this kernel runs no AppArmor: no profile is loaded, and rules about profiles say so at each container"], Load(AppArmorProfiles.Shipped, Enforcing, enabled: false));
        Assert.Empty(Load(AppArmorProfiles.Off, Enforcing));
    }

    public void Dispose()
    {
        _sys.Dispose();
        _own.Dispose();
    }

    private string List => _sys.File("kernel/security/apparmor/profiles");

    private string[] Load(string setting, string script, bool enabled = true)
    {
        Directory.CreateDirectory(_sys.File("kernel/security/apparmor"));
        Directory.CreateDirectory(_sys.File("module/apparmor/parameters"));
        _sys.Write("module/apparmor/parameters/enabled", enabled ? "Y\n" : "N\n");
        _sys.Write("kernel/security/apparmor/profiles", "");
        var parser = _sys.Write("parser", $"#!/bin/sh\nlist={List}\nname=$(sed -n 's/^profile \\([^ ]*\\).*/\\1/p')\n{script}\n");
        File.SetUnixFileMode(parser, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var said = new StringWriter();

        new AppArmorProfiles(new AppArmorReader(_sys.Path), new AppArmorParser(parser)).Load(setting, new StderrLogger(said, LogLevel.Information, TimeProvider.System, journal: true));

        return [.. said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line[3..])];
    }
}
