using System.Globalization;
using CriGuard.Core.Policy;

namespace CriGuard.Store.Policies;

/// <summary>One item of `exceptions`.</summary>
internal static class ExceptionSection
{
    public static ExceptionEntry? Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "exception", errors, "name", "control", "match", "allow", "floor", "reason", "owner", "expires") is not { } section)
            return null;
        var name = RuleSection.ReadName(section);
        var control = ReadControl(section);
        var match = section.Require("match") is { } matched ? MatchSection.ReadTrusted(matched, errors) : null;
        var (reason, owner, expires) = (ReadWords(section, "reason"), ReadWords(section, "owner"), ReadExpiry(section));
        if (name is null || control is not { } known || match is null || reason is null || owner is null || expires is not { } end)
            return null;
        return new ExceptionEntry
        {
            Name = name.Text,
            At = name.At,
            Control = known,
            Match = match,
            Allow = [.. section.Texts("allow").Select(static t => t.Text)],
            Floor = section.Choice("floor", ("true", true), ("false", false)) == true,
            Reason = reason,
            Owner = owner,
            Expires = end,
        };
    }

    private static Control? ReadControl(Section section)
    {
        if (section.RequireText("control") is not { } text)
            return null;
        if (ControlNames.Find(text.Text) is { } control)
            return control;
        section.Fail(text.At, ControlSections.IsBundle(text.Text)
            ? $"`{text.Text}` stands for many controls: name the one that is loosened"
            : $"`{text.Text}` is not a control: the nearest is `{Spelling.Nearest(text.Text, [.. ControlSections.Keys])}`");
        return null;
    }

    public static string? ReadWords(Section section, string key)
    {
        if (section.RequireText(key) is not { } text)
            return null;
        if (text.Text.AsSpan().Trim().Length > 0)
            return text.Text;
        section.Fail(text.At, $"`{key}` is empty: whoever reads the record must know");
        return null;
    }

    /// <summary>A day means its first moment in UTC.</summary>
    public static DateTimeOffset? ReadExpiry(Section section)
    {
        if (section.RequireText("expires") is not { } text)
            return null;
        string[] forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK"];
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text.Text, forms, CultureInfo.InvariantCulture, utc, out var expires))
            return expires;
        section.Fail(text.At, $"`{text.Text}` is not a time: write `2027-01-31` or `2027-01-31T18:00:00Z`");
        return null;
    }
}
