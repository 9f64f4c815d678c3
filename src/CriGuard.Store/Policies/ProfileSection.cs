using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Store.Policies;

/// <summary>`seccomp` and `appArmor` of a rule: the profile that is given where none is asked for.</summary>
internal static class ProfileSection
{
    /// <summary>`default` and `profile` of `seccomp`.</summary>
    public static SecurityProfile? ReadSeccomp(Section section) =>
        ReadGiven(section, "seccomp", IsPlainPath, "is not an absolute path without `..`: write the path of the profile's file on the node");

    public static SecurityProfile? ReadAppArmor(Node node, List<PolicyError> errors) => Read(
        node, "appArmor", static name => name.Length > 0 && name != "unconfined",
        "is not the name of a profile: write one that `aa-status` lists in enforce mode", errors);

    private static SecurityProfile? Read(Node node, string key, Func<string, bool> isReference, string otherwise, List<PolicyError> errors)
    {
        if (Section.Open(node, key, errors, "default", "profile") is not { } section)
            return null;
        section.Require("default");
        return ReadGiven(section, key, isReference, otherwise);
    }

    private static SecurityProfile? ReadGiven(Section section, string key, Func<string, bool> isReference, string otherwise)
    {
        var kind = section.Choice("default", ("RuntimeDefault", SecurityProfileKind.RuntimeDefault), ("Localhost", SecurityProfileKind.Localhost));
        if (kind == SecurityProfileKind.Localhost)
            return ReadLocalhost(section, isReference, otherwise);
        if (kind == SecurityProfileKind.RuntimeDefault && section.Find("profile") is { } profile)
            section.Fail(profile.At, $"`profile` of `{key}` belongs to `default: Localhost`: change `default`, or leave `profile` out");
        return kind is null ? null : SecurityProfile.RuntimeDefault;
    }

    private static SecurityProfile? ReadLocalhost(Section section, Func<string, bool> isReference, string otherwise)
    {
        if (section.RequireText("profile") is not { } profile)
            return null;
        if (isReference(profile.Text))
            return SecurityProfile.Localhost(profile.Text);
        section.Fail(profile.At, $"`{profile.Text}` {otherwise}");
        return null;
    }

    /// <summary>The runtime opens it as it stands, from its own working directory and without looking where it leads (T-S3).</summary>
    private static bool IsPlainPath(string path) =>
        path.Length > 1 && path[0] == '/' && path[1..].Split('/').All(static part => part is not ("" or "." or ".."));
}
