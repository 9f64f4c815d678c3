using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Policies;

/// <summary>`capabilities` of a rule.</summary>
internal static class CapabilitiesSection
{
    public static CapabilitySetting? Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "capabilities", errors, "allow", "action", "defaults", "dropAll") is not { } section)
            return null;
        section.Require("allow");
        section.Require("action");
        var action = section.Choice("action", ("refuse", CapabilityAction.Refuse), ("fix", CapabilityAction.Fix));
        var allow = CapabilitySet.Empty;
        foreach (var item in section.List("allow"))
        {
            if (section.TextOf(item, "allow") is { } name)
                allow |= ReadName(section, name);
        }

        var (keeps, drops) = (section.Choice("defaults", ("keep", true), ("cut", false)) == true, section.Choice("dropAll", ("require", true)) == true);
        if (keeps && drops)
            section.Fail(section.At, "`capabilities` keeps the runtime's default and demands that all is dropped: leave out `defaults` or `dropAll`");
        return action is { } known ? new CapabilitySetting(allow, known) { KeepsDefaults = keeps, RequiresDropAll = drops } : null;
    }

    private static CapabilitySet ReadName(Section section, TextNode name)
    {
        if (name.Text == CapabilityNames.All)
            return CapabilitySet.All.Except(CapabilitySet.SysModule);
        if (!CapabilityNames.TryParse(name.Text, out var number))
        {
            section.Fail(name.At, $"`{name.Text}` is not a capability: write a name of capabilities(7) without `CAP_`, or `ALL`");
            return CapabilitySet.Empty;
        }

        var set = CapabilitySet.Empty.With(number);
        if (set == CapabilitySet.SysModule)
            section.Fail(name.At, $"`{name.Text}` cannot be allowed: it loads code into the node's kernel; load the module on the node instead");
        else if (name.Text != CapabilityNames.Of(number))
            section.Fail(name.At, $"`{name.Text}` is not how the CRI names it: write `{CapabilityNames.Of(number)}`");
        return set;
    }
}
