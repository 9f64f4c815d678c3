using System.Collections.Immutable;
using CriGuard.Core.Policy;

namespace CriGuard.Store.Policies;

/// <summary>`match` of a rule.</summary>
internal static class MatchSection
{
    public static Match Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "match", errors, "namespaces", "podLabels", "images") is not { } section)
            return Match.Everything;
        if (section.IsEmpty)
            section.Fail(section.At, "`match` is empty: leave it out to match everything");
        return new Match
        {
            Namespaces = ReadGlobs(section, "namespaces"),
            PodLabels = section.Find("podLabels") is { } labels ? ReadLabels(labels, section) : Match.Everything.PodLabels,
            Images = ReadGlobs(section, "images"),
        };
    }

    private static ImmutableArray<Glob> ReadGlobs(Section section, string key)
    {
        var globs = ImmutableArray.CreateBuilder<Glob>();
        foreach (var text in section.Texts(key))
        {
            if (text.Text.Length == 0)
                section.Fail(text.At, $"`{key}` has an empty item, which matches nothing: write a name, `*` in it for any characters");
            else
                globs.Add(new Glob(text.Text));
        }

        return globs.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, string> ReadLabels(Node node, Section section)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (section.MapOf(node, "podLabels") is not { } map)
            return labels.ToImmutable();
        if (map.Entries.IsEmpty)
            section.Fail(map.At, "`podLabels` is an empty map: leave the key out or fill it");
        foreach (var (key, value) in map.Entries)
        {
            if (section.TextOf(value, key.Text) is { } text)
                labels[key.Text] = text.Text;
        }

        return labels.ToImmutable();
    }
}
