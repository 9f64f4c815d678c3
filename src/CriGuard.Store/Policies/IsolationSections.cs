using CriGuard.Core.Policy;
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

    public static SandboxSetting? ReadSandbox(Node node, List<PolicyError> errors) =>
        Section.Open(node, "sandbox", errors, "handler")?.RequireText("handler") is { } handler ? new SandboxSetting(handler.Text, handler.At) : null;
}
