using System.Collections.Immutable;
using CriGuard.Core.Policy;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CriGuard.Store.Policies;

/// <summary>One YAML document as nodes with places; aliases, tags and further documents are refused, so that what is read is what is seen.</summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 16;

    private readonly Parser parser;
    private readonly string file;
    private readonly List<PolicyError> errors;

    private YamlTree(string file, string text, List<PolicyError> errors)
    {
        parser = new Parser(new StringReader(text));
        this.file = file;
        this.errors = errors;
    }

    /// <summary>Null where there is nothing to read on with; the errors say why.</summary>
    public static Node? Read(string file, string text, List<PolicyError> errors)
    {
        var tree = new YamlTree(file, text, errors);
        try
        {
            return tree.Document();
        }
        catch (YamlException e)
        {
            errors.Add(new PolicyError(tree.Place(e.Start), $"not valid YAML: {e.Message.TrimEnd('.').ToLowerInvariant()}"));
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
            errors.Add(new PolicyError(e.At, $"nested deeper than {MaxDepth} levels: no policy needs that"));
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

    private Node Value(int depth)
    {
        if (depth > MaxDepth)
            throw new TooDeepException(Place(parser.Current!.Start));
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Fail(alias, $"`*{alias.Value}` is an alias: write the value out");
        if (parser.Accept<NodeEvent>(out var node))
            CheckPlain(node);
        if (parser.TryConsume<Scalar>(out var scalar))
            return new TextNode(Place(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
        return parser.TryConsume<SequenceStart>(out var sequence) ? List(sequence, depth) : Map(parser.Consume<MappingStart>(), depth);
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
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var (key, value) = (Value(depth + 1), Value(depth + 1));
            if (key is not TextNode text)
                errors.Add(new PolicyError(key.At, $"a key is {key.Kind}: write a name"));
            else if (!entries.TryAdd(text.Text, new MapEntry(text, value)))
                errors.Add(new PolicyError(text.At, $"`{text.Text}` is already given at {entries[text.Text].Key.At}: keep one of the two"));
        }

        return new MapNode(Place(start.Start), [.. entries.Values]);
    }

    private void CheckPlain(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
            Fail(node, $"`&{node.Anchor.Value}` is an anchor: leave it out");
        if (!node.Tag.IsEmpty)
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
