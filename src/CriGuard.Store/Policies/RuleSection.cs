using CriGuard.Core.Policy;

namespace CriGuard.Store.Policies;

/// <summary>One item of `rules`.</summary>
internal static class RuleSection
{
    private const int MaxName = 63;

    private static readonly string[] Controls = ["seccomp", "appArmor", "capabilities", "privileged", "hostNamespaces", "noNewPrivileges", "sandbox"];

    public static Rule? Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "rule", errors, ["name", "mode", "match", .. Controls]) is not { } section)
            return null;
        if (!Array.Exists(Controls, section.Has))
            section.Fail(section.At, $"the rule demands nothing: give it one of {string.Join(", ", Controls.Select(static c => $"`{c}`"))}");
        var name = ReadName(section);
        return new Rule
        {
            Name = name?.Text ?? "",
            At = name?.At ?? section.At,
            Mode = ReadMode(section),
            Match = section.Find("match") is { } match ? MatchSection.Read(match, errors) : Match.Everything,
            Seccomp = section.Find("seccomp") is { } seccomp ? ProfileSection.ReadSeccomp(seccomp, errors) : null,
            AppArmor = section.Find("appArmor") is { } appArmor ? ProfileSection.ReadAppArmor(appArmor, errors) : null,
            Capabilities = section.Find("capabilities") is { } capabilities ? CapabilitiesSection.Read(capabilities, errors) : null,
            DeniesPrivileged = section.Choice("privileged", ("deny", true)) == true,
            HostNamespaces = IsolationSections.ReadHostNamespaces(section),
            RequiresNoNewPrivileges = section.Choice("noNewPrivileges", ("require", true)) == true,
            Sandbox = section.Find("sandbox") is { } sandbox ? IsolationSections.ReadSandbox(sandbox, errors) : null,
        };
    }

    /// <summary>Names stand in messages and events, so they are kept to what cannot be misread there.</summary>
    private static TextNode? ReadName(Section section)
    {
        if (section.RequireText("name") is not { } name)
            return null;
        if (name.Text is Finding.BuiltIn)
            section.Fail(name.At, $"`{Finding.BuiltIn}` is the name of criguard's own checks: take another");
        else if (name.Text.Length is 0 or > MaxName || !name.Text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            section.Fail(name.At, $"`{name.Text}` is not a name for a rule: write up to {MaxName} lower-case letters, digits and dashes");
        else
            return name;
        return null;
    }

    /// <summary>There is no default: whoever writes a rule says whether it acts.</summary>
    private static RuleMode ReadMode(Section section)
    {
        section.Require("mode");
        return section.Choice("mode", ("enforce", RuleMode.Enforce), ("audit", RuleMode.Audit)) ?? RuleMode.Enforce;
    }
}
