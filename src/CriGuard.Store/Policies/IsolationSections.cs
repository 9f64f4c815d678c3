using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Policies;

/// <summary>`hostNamespaces` and `sandbox` of a rule.</summary>
internal static class IsolationSections
{
    public static HostNamespacesSetting? ReadHostNamespaces(Section rule)
    {
        if (rule.Find("hostNamespaces") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return rule.Choice("hostNamespaces", ("deny", true)) == true ? HostNamespacesSetting.All : null;
        if (Section.Open(node, "hostNamespaces", rule.Errors, "network", "pid", "ipc") is not { } section)
            return null;
        if (section.IsEmpty)
            section.Fail(section.At, "`hostNamespaces` denies nothing: write `deny`, or name `network`, `pid` or `ipc`");
        return new HostNamespacesSetting(Denies("network"), Denies("pid"), Denies("ipc"));

        bool Denies(string key) => section.Choice(key, ("deny", true)) == true;
    }

    /// <summary>A level, or a map of it and what becomes of pods that ask for less.</summary>
    public static SandboxSetting? ReadSandbox(Section rule)
    {
        if (rule.Find("sandbox") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return HandlerSection.ReadLevel(rule, "sandbox") is { } said ? new SandboxSetting(said, At: node.At) : null;
        if (Section.Open(node, "sandbox", rule.Errors, "level", "action") is not { } section)
            return null;
        var refuses = section.Choice("action", ("fix", false), ("refuse", true)) == true;
        return section.Require("level") is { } at && HandlerSection.ReadLevel(section, "level") is { } level ? new SandboxSetting(level, refuses, at.At) : null;
    }
}
