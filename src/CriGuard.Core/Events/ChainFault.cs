using System.Runtime.InteropServices;

namespace CriGuard.Core.Events;

/// <summary>Where a line stands.</summary>
/// <param name="File">Name of the segment file.</param>
/// <param name="Line">Number of the line in it, counted from 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LinePlace(string File, long Line)
{
    public override string ToString() => $"{File}:{Line}";
}

/// <summary>What is wrong with a chain.</summary>
public enum ChainFaultKind
{
    /// <summary>A line is not the one that was written here.</summary>
    Changed,

    /// <summary>Lines between two others are gone.</summary>
    Missing,

    /// <summary>A line stands where another belongs.</summary>
    Reordered,

    /// <summary>Lines at the end are gone.</summary>
    Truncated,
}

/// <summary>The first thing that is wrong with a chain.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Place">The line that is wrong; for lines that are gone the one that stands in their place.</param>
/// <param name="Message">For people: which sequence, and how that is known.</param>
public sealed record ChainFault(ChainFaultKind Kind, LinePlace Place, string Message);
