using YamlDotNet.Core.Events;

namespace CriGuard.Store.Policies;

/// <summary>The anchored values of one YAML document, and what merge keys make of them (yaml.org/type/merge.html).</summary>
internal sealed class Anchors
{
    public const string MergeKey = "<<";

    private readonly Dictionary<string, Node> values = new(StringComparer.Ordinal);

    public void Clear() => values.Clear();

    /// <summary>Known from its end on: a value that holds itself never becomes one.</summary>
    public void Add(NodeEvent start, Node value)
    {
        if (!start.Anchor.IsEmpty)
            values[start.Anchor.Value] = value;
    }

    public Node? Find(AnchorAlias alias) => values.GetValueOrDefault(alias.Value.Value);

    /// <summary>Adds what the map does not have itself; of several the first one wins.</summary>
    /// <returns>Values that cannot be merged.</returns>
    public static IEnumerable<Node> Merge(Dictionary<string, MapEntry> entries, IEnumerable<Node> merged)
    {
        var wrong = new List<Node>();
        foreach (var value in merged.SelectMany(static value => value is ListNode list ? (IEnumerable<Node>)list.Items : [value]))
        {
            if (value is MapNode map)
            {
                foreach (var entry in map.Entries)
                    entries.TryAdd(entry.Key.Text, entry);
            }
            else if (value is not BrokenNode)
                wrong.Add(value);
        }

        return wrong;
    }
}
