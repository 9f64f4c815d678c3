using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Events;
using CriGuard.Core.Workloads;

namespace CriGuard.Daemon.Judging;

/// <summary>What the event of an access says beside its verdict.</summary>
internal static class AccessDetails
{
    public static IEnumerable<KeyValuePair<string, string>> Of(AccessFacts facts, bool? novel, ImmutableSortedDictionary<string, string> before)
    {
        if (facts.Executable.Length > 0)
        {
            yield return new("executable", facts.Executable);
            yield return new("arguments", facts.Arguments.ToString(CultureInfo.InvariantCulture));
        }

        if (facts.Executable.Length > 0 || facts.Method == "Attach")
        {
            yield return new("tty", facts.Tty ? "true" : "false");
            yield return new("stdin", facts.Stdin ? "true" : "false");
        }

        if (novel is { } isNovel)
            yield return new(ProbeTally.NovelDetail, isNovel ? "true" : "false");
        if (facts is { Method: "RemoveImage", Image: { } image })
            yield return new("image", image.Reference);
        if (facts.CheckpointPath is { } path)
            yield return new("checkpoint", path);
        if (facts.Update is not { } update)
            yield break;
        foreach (var (name, value) in update.Values)
            yield return new($"set.{name}", value);
        foreach (var (name, value) in before.Where(b => update.Values.ContainsKey(b.Key)))
            yield return new($"before.{name}", value);
    }
}
