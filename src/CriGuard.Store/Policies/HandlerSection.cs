using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;

namespace CriGuard.Store.Policies;

/// <summary>One item of `handlers`.</summary>
internal static class HandlerSection
{
    public static HandlerEntry? Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "handler", errors, "name", "level", "supports", "snapshotter", "annotations") is not { } section)
            return null;
        var (name, at) = (section.RequireText("name"), section.Require("level"));
        var level = ReadLevel(section, "level");
        if (name is { Text.Length: 0 })
            section.Fail(name.At, "a handler has no name: the runtime's default has one too, write that");
        if (name is not { Text.Length: > 0 } || at is null || level is not { } known)
            return null;
        return new HandlerEntry(name.Text, known, name.At)
        {
            Supports = ReadSupports(section),
            OwnSnapshotter = section.Choice("snapshotter", ("own", true)) == true,
            Annotations = [.. section.Texts("annotations").Select(static t => new Glob(t.Text))],
        };
    }

    public static IsolationLevel? ReadLevel(Section section, string key) =>
        section.Choice(key, [.. Enum.GetValues<IsolationLevel>().Select(static level => (level.Word(), level))]);

    private static ImmutableSortedDictionary<Ability, bool> ReadSupports(Section handler)
    {
        var abilities = Enum.GetValues<Ability>();
        var supports = ImmutableSortedDictionary.CreateBuilder<Ability, bool>();
        if (handler.Find("supports") is { } node && Section.Open(node, "supports", handler.Errors, [.. abilities.Select(static a => a.Word())]) is { } section)
        {
            foreach (var ability in abilities)
            {
                if (section.Choice(ability.Word(), ("true", true), ("false", false)) is { } said)
                    supports[ability] = said;
            }
        }

        return supports.ToImmutable();
    }
}
