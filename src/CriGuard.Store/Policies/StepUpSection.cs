using System.Globalization;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;

namespace CriGuard.Store.Policies;

/// <summary>`stepUp` of a document.</summary>
internal static class StepUpSection
{
    public static StepUpSetting? Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, StepUpSetting.Name, errors, "after", "to", "for") is not { } section)
            return null;
        var (after, to, span) = (ReadControls(section), section.Require("to") is null ? null : HandlerSection.ReadLevel(section, "to"), ReadSpan(section));
        if (to == IsolationLevel.Runc)
            section.Fail(section.Find("to")!.At, "`to` is `runc`, which every pod has: write one of `userns`, `gvisor`, `kata`");
        return to is { } level && span is { } length ? new StepUpSetting([.. after], level, length, node.At) : null;
    }

    private static List<Control> ReadControls(Section section)
    {
        var names = StepUpSetting.Possible.Select(static c => c.Name()).ToArray();
        var controls = new List<Control>();
        section.Require("after");
        foreach (var text in section.Texts("after"))
        {
            if (Array.IndexOf(names, text.Text) is >= 0 and var at)
                controls.Add(StepUpSetting.Possible[at]);
            else
                section.Fail(text.At, text.Text == Control.Sandbox.Name()
                    ? "`sandbox` is what a step-up demands: its own refusals would renew it for ever"
                    : $"`{text.Text}` is nothing that findings are about: the nearest is `{Spelling.Nearest(text.Text, names)}`");
        }

        return controls;
    }

    private static TimeSpan? ReadSpan(Section section)
    {
        if (section.RequireText("for") is not { } text)
            return null;
        var unit = text.Text.Length > 1 ? text.Text[^1] switch { 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => default } : default;
        if (unit != default && int.TryParse(text.Text.AsSpan(0, text.Text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= StepUpSetting.Longest.TotalHours && count * unit is var span && span >= StepUpSetting.Shortest && span <= StepUpSetting.Longest)
            return span;
        section.Fail(text.At, $"`{text.Text}` is no time that a step-up can have: write from `1h` to `{StepUpSetting.Longest.TotalDays}d`");
        return null;
    }
}
