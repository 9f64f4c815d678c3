using CriGuard.Core.Policy;

namespace CriGuard.Store.Policies;

/// <summary>One item of `rules`, and `floor`.</summary>
internal static class RuleSection
{
    private const string Floor = "floor";
    private const int MaxName = 63;

    public static Rule? Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "rule", errors, ["name", "mode", "match", "reason", "expires", .. ControlSections.Keys]) is not { } section)
            return null;
        var name = ReadName(section);
        return ControlSections.Read(section, new Rule
        {
            Name = name?.Text ?? "",
            At = name?.At ?? section.At,
            Mode = ReadMode(section),
            Reason = section.Has("reason") ? ExceptionSection.ReadWords(section, "reason") ?? "" : "",
            Expires = section.Has("expires") ? ExceptionSection.ReadExpiry(section) : null,
            Match = section.Find("match") is { } match ? MatchSection.Read(match, errors) : Match.Everything,
        });
    }

    /// <summary>The demands on every workload of the node.</summary>
    public static Rule? ReadFloor(Node node, List<PolicyError> errors) =>
        Section.Open(node, Floor, errors, ["mode", .. ControlSections.Keys]) is { } section
            ? ControlSections.Read(section, new Rule { Name = Floor, IsFloor = true, At = section.At, Mode = ReadMode(section) })
            : null;

    /// <summary>Names stand in messages and events, so they are kept to what cannot be misread there.</summary>
    public static TextNode? ReadName(Section section)
    {
        if (section.RequireText("name") is not { } name)
            return null;
        if (name.Text is Finding.BuiltIn or Floor)
            section.Fail(name.At, $"`{name.Text}` is the name of {(name.Text == Floor ? "the policy's floor" : "criguard's own checks")}: take another");
        else if (name.Text.Length is 0 or > MaxName || !name.Text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            section.Fail(name.At, $"`{name.Text}` is not a name: write up to {MaxName} lower-case letters, digits and dashes");
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
