using System.Collections.Immutable;
using CriGuard.Core.Policy;

namespace CriGuard.Store.Policies;

/// <summary>A value of a YAML file with its place.</summary>
public abstract record Node(Position At)
{
    /// <summary>For messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value; everything that is no list and no map is text here.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Text">Unquoted.</param>
/// <param name="Plain">Written without quotes: only then it can be no value at all.</param>
public sealed record TextNode(Position At, string Text, bool Plain) : Node(At)
{
    public bool IsNull => Plain && Text is "" or "~" or "null";

    public override string Kind => IsNull ? "empty" : "a single value";
}

public sealed record ListNode(Position At, ImmutableArray<Node> Items) : Node(At)
{
    public override string Kind => "a list";
}

/// <summary>Keys are unique: the second of two equal ones is an error already.</summary>
public sealed record MapNode(Position At, ImmutableArray<MapEntry> Entries) : Node(At)
{
    public override string Kind => "a map";
}

public sealed record MapEntry(TextNode Key, Node Value);

/// <summary>Something that an error was said about already: whoever meets it says nothing more.</summary>
public sealed record BrokenNode(Position At) : Node(At)
{
    public override string Kind => "unreadable";
}
