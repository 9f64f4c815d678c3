using System.Runtime.InteropServices;

namespace CriGuard.Core.Events;

/// <summary>A place in the log, named by the last line before it: the next line has the next sequence and carries this hash.</summary>
/// <param name="Sequence">Sequence of the last line, counted from 1; 0 before the first line.</param>
/// <param name="Hash">Hash of the last line.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChainPosition(long Sequence, LineHash Hash)
{
    /// <summary>Before the first line of a log.</summary>
    public static ChainPosition Start => default;

    /// <summary>True where the link is that of the line that belongs here.</summary>
    public bool Precedes(LineLink link) => link.Sequence == Sequence + 1 && link.Previous == Hash;
}

/// <summary>What a line says of its own place in the chain.</summary>
/// <param name="Sequence">The line's own sequence.</param>
/// <param name="Previous">Hash of the line before.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LineLink(long Sequence, LineHash Previous);
