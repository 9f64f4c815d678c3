using System.Text;

namespace CriGuard.Node;

/// <summary>The table that a run leaves: what was tried, what came of it without the gate, and what with it.</summary>
public sealed class Comparison
{
    private readonly List<(string Tried, string Before, string After)> rows = [("tried", "without CriGuard", "with CriGuard")];

    private readonly List<string> remarks = [];

    /// <summary>Something about the run itself.</summary>
    public void Remark(string remark) => remarks.Add(remark);

    public void Add(string tried, string before, string after) => rows.Add((tried, before, after));

    public override string ToString()
    {
        var (first, second) = (rows.Max(static r => r.Tried.Length), rows.Max(static r => r.Before.Length));
        var text = new StringBuilder();
        foreach (var (tried, before, after) in rows)
            text.Append(tried.PadRight(first)).Append("  ").Append(before.PadRight(second)).Append("  ").Append(after).Append('\n');
        foreach (var remark in remarks)
            text.Append(remark).Append('\n');
        return text.ToString();
    }
}
