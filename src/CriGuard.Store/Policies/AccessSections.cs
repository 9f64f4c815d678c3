using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Policies;

/// <summary>`lateContainers`, `access`, `updates` and `checkpoints` of a rule.</summary>
internal static class AccessSections
{
    private const int LongestAfter = 86400;
    private const string DefaultPath = "/var/lib/kubelet/checkpoints";

    public static LateContainersSetting? ReadLateContainers(Section rule)
    {
        const string key = "lateContainers";
        if (rule.Find(key) is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return Action(rule, key) is { } said ? new LateContainersSetting(said, LateContainersSetting.Patience) : null;
        if (Section.Open(node, key, rule.Errors, "action", "afterSeconds") is not { } section)
            return null;
        section.Require("action");
        return Action(section, "action") is { } action ? new LateContainersSetting(action, ReadAfter(section)) : null;
    }

    private static LateAction? Action(Section section, string key) => section.Choice(key, ("deny", LateAction.Deny), ("report", LateAction.Report));

    private static TimeSpan ReadAfter(Section section)
    {
        if (section.Text("afterSeconds") is not { } text)
            return LateContainersSetting.Patience;
        if (int.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestAfter)
            return TimeSpan.FromSeconds(seconds);
        section.Fail(text.At, $"`{text.Text}` is not a number of seconds from 1 to {LongestAfter}");
        return LateContainersSetting.Patience;
    }

    public static AccessSetting? ReadAccess(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "access", errors, "exec", "execSync", "attach", "portForward") is not { } section)
            return null;
        if (section.IsEmpty)
            section.Fail(section.At, "`access` says nothing: name `exec`, `execSync`, `attach` or `portForward`");
        return new AccessSetting(Of("exec"), Of("execSync"), Of("attach"), Of("portForward"));

        AccessDemand? Of(string key) =>
            section.Choice(key, ("deny", AccessDemand.Deny), ("denyPrivileged", AccessDemand.DenyPrivileged), ("record", AccessDemand.Record));
    }

    public static UpdatesSetting? ReadUpdates(Section rule)
    {
        if (rule.Find("updates") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return rule.Choice("updates", ("deny", true)) == true ? UpdatesSetting.Deny : null;
        if (Section.Open(node, "updates", rule.Errors, "unified", "annotations") is not { } section)
            return null;
        section.Require("unified");
        section.Require("annotations");
        return new UpdatesSetting(Denied: false, Globs(section, "unified"), Globs(section, "annotations"));
    }

    /// <summary>Where nothing else is written: where a kubelet keeps them, and by a kubelet.</summary>
    public static CheckpointsSetting? ReadCheckpoints(Section rule)
    {
        if (rule.Find("checkpoints") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return rule.Choice("checkpoints", ("deny", true)) == true ? CheckpointsSetting.Deny : null;
        if (Section.Open(node, "checkpoints", rule.Errors, "paths", "callers") is not { } section)
            return null;
        var paths = section.Texts("paths");
        foreach (var path in paths)
        {
            if (CheckpointsSetting.Objection(path.Text) is { } objection)
                section.Fail(path.At, $"`{path.Text}` {objection}");
        }

        var callers = Globs(section, "callers");
        if (section.Has("callers") && callers.IsEmpty)
            section.Fail(section.At, "`callers` of `checkpoints` is empty: write `checkpoints: deny`, or leave the key out for the kubelet alone");
        return new CheckpointsSetting(
            paths.IsEmpty ? [DefaultPath] : [.. paths.Select(static p => p.Text)], callers.IsEmpty ? CheckpointsSetting.Kubelet : callers);
    }

    /// <summary>An empty list is a demand here: none of it.</summary>
    private static ImmutableArray<Glob> Globs(Section section, string key)
    {
        var globs = ImmutableArray.CreateBuilder<Glob>();
        foreach (var text in section.List(key).Select(item => section.TextOf(item, key)).OfType<TextNode>())
        {
            if (text.Text.Length == 0)
                section.Fail(text.At, $"`{key}` has an empty item: write a name, `*` in it for any characters");
            else
                globs.Add(new Glob(text.Text));
        }

        return globs.ToImmutable();
    }
}
