using System.Collections.Immutable;
using CriGuard.Core.Policy;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CriGuard.Store.Policies;

/// <summary>
/// YAML as nodes with places. In a file of ours aliases, tags and further documents are refused, so that what is read is what is seen; files that
/// are written for others have them.
/// </summary>
public sealed class YamlTree
{
    private const int MaxDepth = 16;
    private const int MaxForeignDepth = 64;

    private readonly Parser parser;
    private readonly string file;
    private readonly List<PolicyError> errors;
    private readonly Anchors? anchors;

    private YamlTree(string file, string text, List<PolicyError> errors, Anchors? anchors)
    {
        parser = new Parser(new StringReader(text));
        this.file = file;
        this.errors = errors;
        this.anchors = anchors;
    }

    private int Deepest => anchors is null ? MaxDepth : MaxForeignDepth;

    /// <summary>One document of ours; null where there is nothing to read on with: the errors say why.</summary>
    public static Node? Read(string file, string text, List<PolicyError> errors)
    {
        var tree = new YamlTree(file, text, errors, anchors: null);
        return tree.Guarded(tree.Document);
    }

    /// <summary>All documents of a file of others, with aliases and merge keys resolved; as many as can be read, the errors say what of the rest.</summary>
    public static IReadOnlyList<Node> ReadForeign(string file, string text, List<PolicyError> errors)
    {
        var tree = new YamlTree(file, text, errors, new Anchors());
        var documents = new List<Node>();
        tree.Guarded(() => tree.Documents(documents));
        return documents;
    }

    private Node? Guarded(Func<Node?> read)
    {
        try
        {
            return read();
        }
        catch (YamlException e)
        {
            errors.Add(new PolicyError(Place(e.Start), $"not valid YAML: {e.Message.TrimEnd('.').ToLowerInvariant()}"));
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            // What the parser itself throws on some texts that begin like YAML: for whoever wrote them it is the same.
            errors.Add(new PolicyError(new Position(file, 0, 0), "not valid YAML: the parser gives up on it"));
            return null;
        }
        catch (TooDeepException e)
        {
            errors.Add(new PolicyError(e.At, $"nested deeper than {Deepest} levels: no {(anchors is null ? "policy" : "manifest")} needs that"));
            return null;
        }
    }

    private Node? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            errors.Add(
                new PolicyError(new Position(file, 0, 0), "no policy in this file: write a document of kind `NodePolicy`, or remove the file"));
            return null;
        }

        parser.Consume<DocumentStart>();
        var root = Value(depth: 0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            Fail(second, "a second document begins here: put it into a file of its own");
        return root;
    }

    private Node? Documents(List<Node> documents)
    {
        parser.Consume<StreamStart>();
        while (parser.TryConsume<DocumentStart>(out _))
        {
            anchors?.Clear();
            documents.Add(Value(depth: 0));
            parser.Consume<DocumentEnd>();
        }

        return null;
    }

    private Node Value(int depth)
    {
        if (depth > Deepest)
            throw new TooDeepException(Place(parser.Current!.Start));
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Aliased(alias);
        if (!parser.Accept<NodeEvent>(out var start))
            return Unanchored(depth);
        CheckPlain(start);
        var node = Unanchored(depth);
        anchors?.Add(start, node);
        return node;
    }

    private Node Unanchored(int depth)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
            return new TextNode(Place(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty);
        return parser.TryConsume<SequenceStart>(out var sequence) ? List(sequence, depth) : Map(parser.Consume<MappingStart>(), depth);
    }

    private Node Aliased(AnchorAlias alias)
    {
        if (anchors is null)
            return Fail(alias, $"`*{alias.Value}` is an alias: write the value out");
        return anchors.Find(alias) ?? Fail(alias, $"`*{alias.Value}` names no anchor that is complete before it: write the value out");
    }

    private ListNode List(SequenceStart start, int depth)
    {
        var items = ImmutableArray.CreateBuilder<Node>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Value(depth + 1));
        return new ListNode(Place(start.Start), items.ToImmutable());
    }

    private MapNode Map(MappingStart start, int depth)
    {
        var entries = new Dictionary<string, MapEntry>();
        var merged = new List<Node>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var (key, value) = (Value(depth + 1), Value(depth + 1));
            if (anchors is not null && key is TextNode { Text: Anchors.MergeKey, Plain: true })
                merged.Add(value);
            else if (key is not TextNode text)
                errors.Add(new PolicyError(key.At, $"a key is {key.Kind}: write a name"));
            else if (!entries.TryAdd(text.Text, new MapEntry(text, value)))
                errors.Add(new PolicyError(text.At, $"`{text.Text}` is already given at {entries[text.Text].Key.At}: keep one of the two"));
        }

        foreach (var wrong in Anchors.Merge(entries, merged))
            errors.Add(new PolicyError(wrong.At, $"`{Anchors.MergeKey}` merges {wrong.Kind}: write a map, or a list of maps"));
        return new MapNode(Place(start.Start), [.. entries.Values]);
    }

    private void CheckPlain(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty && anchors is null)
            Fail(node, $"`&{node.Anchor.Value}` is an anchor: leave it out");
        if (!node.Tag.IsEmpty && (anchors is null || node.Tag.IsLocal))
            Fail(node, $"`{node.Tag}` is a tag: leave it out");
    }

    private BrokenNode Fail(ParsingEvent at, string message)
    {
        errors.Add(new PolicyError(Place(at.Start), message));
        return new BrokenNode(Place(at.Start));
    }

    private Position Place(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    /// <summary>Leaves the recursion at once, before the stack is at stake.</summary>
    private sealed class TooDeepException(Position at) : Exception
    {
        public Position At => at;
    }
}
