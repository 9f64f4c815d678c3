using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Store.Policies;

/// <summary>`seccomp` and `appArmor` of a rule: the profile that is given where none is asked for.</summary>
internal static class ProfileSection
{
    private const string NoProfile = "is not the name of a profile: write one that `aa-status` lists in enforce mode";

    /// <summary>`default` and `profile` of `seccomp`.</summary>
    public static SecurityProfile? ReadSeccomp(Section section) =>
        ReadGiven(section, "seccomp", IsPlainPath, "is not an absolute path without `..`: write the path of the profile's file on the node");

    public static Rule ReadAppArmor(Section rule, Rule read)
    {
        if (rule.Find("appArmor") is not { } node || Section.Open(node, "appArmor", rule.Errors, "default", "profile", "privileged", "missing") is not { } section)
            return read;
        section.Require("default");
        return read with
        {
            AppArmor = ReadGiven(section, "appArmor", IsLoadable, NoProfile),
            AppArmorOfPrivileged = section.Has("privileged") ? ReadLocalhost(section, "privileged", IsLoadable, NoProfile) : null,
            RefusesWithoutAppArmor = section.Choice("missing", ("report", false), ("refuse", true)) == true,
        };
    }

    private static SecurityProfile? ReadGiven(Section section, string key, Func<string, bool> isReference, string otherwise)
    {
        var kind = section.Choice("default", ("RuntimeDefault", SecurityProfileKind.RuntimeDefault), ("Localhost", SecurityProfileKind.Localhost));
        if (kind == SecurityProfileKind.Localhost)
            return ReadLocalhost(section, "profile", isReference, otherwise);
        if (kind == SecurityProfileKind.RuntimeDefault && section.Find("profile") is { } profile)
            section.Fail(profile.At, $"`profile` of `{key}` belongs to `default: Localhost`: change `default`, or leave `profile` out");
        return kind is null ? null : SecurityProfile.RuntimeDefault;
    }

    private static SecurityProfile? ReadLocalhost(Section section, string key, Func<string, bool> isReference, string otherwise)
    {
        if (section.RequireText(key) is not { } profile)
            return null;
        if (isReference(profile.Text))
            return SecurityProfile.Localhost(profile.Text);
        section.Fail(profile.At, $"`{profile.Text}` {otherwise}");
        return null;
    }

    private static bool IsLoadable(string name) => name.Length > 0 && name != "unconfined";

    /// <summary>The runtime opens it as it stands, from its own working directory and without looking where it leads (T-S3).</summary>
    private static bool IsPlainPath(string path) =>
        path.Length > 1 && path[0] == '/' && path[1..].Split('/').All(static part => part is not ("" or "." or ".."));
}
