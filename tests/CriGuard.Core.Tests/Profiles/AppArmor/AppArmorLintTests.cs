using CriGuard.Core.Profiles.AppArmor;

namespace CriGuard.Core.Tests.Profiles.AppArmor;

/// <summary>Ways out of a profile, in its text.</summary>
public sealed class AppArmorLintTests
{
    [Theory]
    [InlineData("/usr/bin/sudo Ux,", "`/usr/bin/sudo Ux` lets the child run unconfined")]
    [InlineData("/usr/bin/* rux,", "lets the child run unconfined")]
    [InlineData("ux /usr/bin/sudo,", "lets the child run unconfined")]
    [InlineData("audit owner file /usr/bin/{sh,bash} rPUx,", "`/usr/bin/{sh,bash} rPUx` lets the child run unconfined")]
    [InlineData("\"/opt/a b, c\" cux -> child,", "lets the child run unconfined")]
    [InlineData("/bin/sh px -> unconfined,", "gives the child a profile that is not in this file, `unconfined`")]
    [InlineData("/bin/sh cx -> unconfined,", "gives the child a profile that is not in this file, `unconfined`")]
    [InlineData("/bin/sh Px,", "gives the child a profile that is not in this file:")]
    [InlineData("/bin/sh pix -> elsewhere,", "gives the child a profile that is not in this file, `elsewhere`")]
    [InlineData("change_profile,", "lets a program leave for `any profile`")]
    [InlineData("change_profile /bin/sh -> unconfined,", "lets a program leave for `unconfined`")]
    [InlineData("include <abstractions/base>", "brings rules that are not looked at")]
    public void T_A8_a_rule_by_which_a_child_leaves_the_profile_is_found(string rule, string fault)
    {
        var found = Assert.Single(AppArmorLint.Check($"profile web {{\n  file,\n  # of the test\n  {rule}\n}}\n"));

        Assert.Equal(4, found.Line);
        Assert.Contains(fault, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bin/sh ix,")]
    [InlineData("/{usr/,}bin/** mrix,")]
    [InlineData("/bin/sh Cx -> inner,\n profile inner { file, }")]
    [InlineData("/bin/sh px -> web,")]
    [InlineData("change_profile -> web,")]
    [InlineData("deny /bin/sh x,")]
    [InlineData("audit deny change_profile,")]
    [InlineData("signal (send) peer=unconfined,")]
    [InlineData("unix, ptrace, capability, network inet, mount fstype=proc -> /mnt/,")]
    public void A_rule_that_keeps_the_child_inside_is_not(string rule) => Assert.Empty(AppArmorLint.Check($"profile web {{\n  {rule}\n}}\n"));

    [Theory]
    [InlineData("profile web flags=(attach_disconnected, complain) {", "complain")]
    [InlineData("/usr/bin/web (unconfined) {", "unconfined")]
    [InlineData("profile web /usr/bin/{a,b} flags=(default_allow) {", "default_allow")]
    public void A_profile_that_confines_nothing_is_found(string head, string flag) =>
        Assert.Contains($"`{flag}`", Assert.Single(AppArmorLint.Check($"{head}\n  file,\n}}\n")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("}}}{{{")]
    [InlineData("profile \"a")]
    [InlineData("/x \\")]
    [InlineData("-> , ->\n,")]
    public void Text_that_is_no_profile_is_said_to_be_none(string text) => Assert.Equal("there is no profile in it", Assert.Single(AppArmorLint.Check(text)).Message);
}
