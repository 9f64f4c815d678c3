using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Policies;

/// <summary>`runAsUser`, `groups` and `hostPorts` of a rule: what is told by numbers.</summary>
internal static class IdentitySections
{
    private const long LargestId = int.MaxValue;
    private const long LargestPort = ushort.MaxValue;

    public static RunAsUserSetting? ReadRunAsUser(Section rule)
    {
        if (rule.Find("runAsUser") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return rule.Choice("runAsUser", ("nonRoot", true)) == true ? new RunAsUserSetting(NonRoot: true, []) : null;
        if (Section.Open(node, "runAsUser", rule.Errors, "nonRoot", "ranges") is not { } section)
            return null;
        if (section.IsEmpty)
            section.Fail(section.At, "`runAsUser` demands nothing: write `nonRoot`, or give it `ranges`");
        return new RunAsUserSetting(section.Choice("nonRoot", ("require", true)) == true, ReadRanges(section, "ranges", LargestId));
    }

    public static GroupsSetting? ReadGroups(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "groups", errors, "ranges", "deny") is not { } section)
            return null;
        if (section.IsEmpty)
            section.Fail(section.At, "`groups` demands nothing: give it `ranges` or `deny`");
        var denied = section.Texts("deny").Select(t => ReadNumber(section, t, LargestId) is { } group ? new IdRange(group, group) : (IdRange?)null);
        return new GroupsSetting(ReadRanges(section, "ranges", LargestId), [.. denied.OfType<IdRange>()]);
    }

    public static HostPortsSetting? ReadHostPorts(Section rule)
    {
        if (rule.Find("hostPorts") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return rule.Choice("hostPorts", ("deny", true)) == true ? new HostPortsSetting([]) : null;
        if (Section.Open(node, "hostPorts", rule.Errors, "allow") is not { } section)
            return null;
        section.Require("allow");
        return new HostPortsSetting(ReadRanges(section, "allow", LargestPort));
    }

    private static ImmutableArray<IdRange> ReadRanges(Section section, string key, long largest)
    {
        var items = section.List(key);
        if (items.IsEmpty && section.Find(key) is ListNode list)
            section.Fail(list.At, $"`{key}` is an empty list, which allows nothing: leave the key out or fill it");
        return [.. items.Select(item => ReadRange(item, key, largest, section.Errors)).OfType<IdRange>()];
    }

    private static IdRange? ReadRange(Node node, string key, long largest, List<PolicyError> errors)
    {
        if (Section.Open(node, key, errors, "from", "to") is not { } section)
            return null;
        if (section.RequireText("from") is not { } first || section.RequireText("to") is not { } last)
            return null;
        if (ReadNumber(section, first, largest) is not { } from || ReadNumber(section, last, largest) is not { } to)
            return null;
        if (from <= to)
            return new IdRange(from, to);
        section.Fail(last.At, $"`to` is less than `from`: write the smaller number of `{key}` first");
        return null;
    }

    private static long? ReadNumber(Section section, TextNode text, long largest)
    {
        if (long.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= largest)
            return number;
        section.Fail(text.At, $"`{text.Text}` is not a number from 0 to {largest.ToString(CultureInfo.InvariantCulture)}");
        return null;
    }
}
