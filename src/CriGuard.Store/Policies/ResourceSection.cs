using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Policies;

/// <summary>`resources` of a rule.</summary>
internal static class ResourceSection
{
    /// <summary>What the kernel takes (proc_pid_oom_score_adj(5)).</summary>
    private const int LeastScore = -1000;
    private const int MostScore = 1000;

    public static ResourceSetting? Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "resources", errors, "cgroupParent", "minOomScoreAdj", "unified") is not { } section)
            return null;
        if (section.IsEmpty)
            section.Fail(section.At, "`resources` demands nothing: write one of `cgroupParent`, `minOomScoreAdj`, `unified`");
        return new ResourceSetting(ReadParent(section), ReadScore(section), ReadUnified(section));
    }

    private static string? ReadParent(Section section)
    {
        if (section.Text("cgroupParent") is not { } parent)
            return null;
        var path = parent.Text;
        if (path.Length > 1 && path[0] == '/' && !path.EndsWith(".slice", StringComparison.Ordinal) && path[1..].Split('/').All(static p => p is not ("" or "." or "..")))
            return path;
        section.Fail(parent.At, $"`{path}` is no cgroup: write it as cgroupfs does, `/kubepods`; the name of the slice follows from it");
        return null;
    }

    private static int? ReadScore(Section section)
    {
        if (section.Text("minOomScoreAdj") is not { } text)
            return null;
        if (int.TryParse(text.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var score) && score is >= LeastScore and <= MostScore)
            return score;
        section.Fail(text.At, $"`minOomScoreAdj` is `{text.Text}`: write a number from {LeastScore} to {MostScore}; kubelets send -997 and more");
        return null;
    }

    /// <summary>`deny` is the list that has nothing.</summary>
    private static ImmutableArray<Glob>? ReadUnified(Section section)
    {
        if (section.Find("unified") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return section.Choice("unified", ("deny", true)) == true ? ImmutableArray<Glob>.Empty : null;
        return [.. section.Texts("unified").Select(static t => new Glob(t.Text))];
    }
}
