using System.Collections.Immutable;
using CriGuard.Core.Policy;

namespace CriGuard.Store.Policies;

/// <summary>`match` of a rule or of an exception.</summary>
internal static class MatchSection
{
    private static readonly string[] TrustedKeys = ["namespaces", "imageDigests", "configSources", "callers"];

    private static readonly string[] Keys =
    [
        .. TrustedKeys, "podNames", "workloads", "podLabels", "podSelector", "annotationSelector", "images", "containers", "runtimeHandlers",
    ];

    public static Match Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "match", errors, Keys) is not { } section)
            return Match.Everything;
        if (section.IsEmpty)
            section.Fail(section.At, "`match` is empty: leave it out to match everything");
        return Read(section);
    }

    /// <summary>Null where it names nothing, which would loosen everything, or what a tenant can write.</summary>
    public static Match? ReadTrusted(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "match", errors, TrustedKeys) is not { } section)
            return null;
        if (!section.IsEmpty)
            return Read(section);
        section.Fail(section.At, $"`match` of an exception is empty: name what it is for by {string.Join(", ", TrustedKeys.Select(static k => $"`{k}`"))}");
        return null;
    }

    private static Match Read(Section section)
    {
        return new Match
        {
            Namespaces = ReadGlobs(section, "namespaces"),
            PodLabels = section.Find("podLabels") is { } labels ? ReadLabels(labels, section) : Match.Everything.PodLabels,
            Images = ReadGlobs(section, "images"),
            PodNames = ReadGlobs(section, "podNames"),
            Workloads = ReadNames(section, "workloads"),
            PodSelector = SelectorSection.Read(section, "podSelector"),
            AnnotationSelector = SelectorSection.Read(section, "annotationSelector"),
            ImageDigests = ReadDigests(section),
            Containers = ReadGlobs(section, "containers"),
            RuntimeHandlers = ReadGlobs(section, "runtimeHandlers"),
            ConfigSources = ReadSources(section),
            Callers = ReadGlobs(section, "callers"),
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

    private static ImmutableArray<string> ReadNames(Section section, string key)
    {
        var names = section.Texts(key);
        foreach (var text in names.Where(static t => t.Text.Length == 0 || t.Text.Contains('*', StringComparison.Ordinal)))
            section.Fail(text.At, $"`{key}` has `{text.Text}`, which is no name: write the name of a Deployment, StatefulSet, DaemonSet, Job, CronJob or pod");
        return [.. names.Select(static t => t.Text)];
    }

    private static ImmutableArray<string> ReadDigests(Section section)
    {
        var digests = section.Texts("imageDigests");
        foreach (var text in digests.Where(static t => !IsDigest(t.Text)))
            section.Fail(text.At, $"`{text.Text}` is not a digest: write `sha256:` and 64 hexadecimal digits");
        return [.. digests.Select(static t => t.Text)];
    }

    private static bool IsDigest(string text) =>
        text.Length == 71 && text.StartsWith("sha256:", StringComparison.Ordinal) && text[7..].All(char.IsAsciiHexDigitLower);

    /// <summary>`kubernetes.io/config.source`, which the kubelet writes over whatever a tenant sent.</summary>
    private static ImmutableArray<string> ReadSources(Section section)
    {
        var sources = section.Texts("configSources");
        foreach (var text in sources.Where(static t => t.Text is not ("api" or "file" or "http" or "unknown")))
            section.Fail(text.At, $"`{text.Text}` is not where pods come from: write one of `api`, `file`, `http`, `unknown`");
        return [.. sources.Select(static t => t.Text)];
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
