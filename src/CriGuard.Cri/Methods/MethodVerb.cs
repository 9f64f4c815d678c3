using System.Collections.Frozen;

namespace CriGuard.Cri.Methods;

/// <summary>Judges the name of a method that is in no table: does it read, or may it change something?</summary>
internal static class MethodVerb
{
    private const int LongestWord = 16;

    // Words with which RPCs of container runtimes begin workloads, enter them or alter them. RestorePod, for one, came in 2026
    // and carries whole pods past a gate that knows RunPodSandbox only.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Changing = FrozenSet.Create(
        StringComparer.Ordinal,
        "Add", "Apply", "Attach", "Checkpoint", "Clone", "Commit", "Create", "Debug", "Enter", "Exec", "Execute", "Import", "Inject",
        "Launch", "Load", "Migrate", "Mount", "Patch", "Port", "Prepare", "Put", "Replace", "Resize", "Restart", "Restore", "Resume",
        "Run", "Set", "Spawn", "Start", "Transfer", "Update", "Upload", "Write").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// True where any word of the CamelCase name changes something; `GetX` and `ListX` only ever read, so there X may be `CheckpointStatus`.
    /// A name in another case is no RPC of a runtime that we know, and counts as changing.
    /// </summary>
    public static bool MayChange(ReadOnlySpan<byte> method)
    {
        if (method.IsEmpty || !char.IsAsciiLetterUpper((char)method[0]) || !method.ContainsAnyInRange((byte)'a', (byte)'z'))
            return true;

        var first = true;
        while (!method.IsEmpty)
        {
            var word = Word(method);
            if (first && (word.SequenceEqual("Get"u8) || word.SequenceEqual("List"u8)))
                return false;
            if (IsChanging(word))
                return true;
            method = method[word.Length..];
            first = false;
        }

        return false;
    }

    // One capital and what follows it up to the next: `PortForward` gives `Port`.
    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> name)
    {
        var end = 1;
        while (end < name.Length && !char.IsAsciiLetterUpper((char)name[end]))
            end++;
        return name[..end];
    }

    private static bool IsChanging(ReadOnlySpan<byte> word)
    {
        if (word.Length > LongestWord)
            return false;

        Span<char> text = stackalloc char[LongestWord];
        for (var i = 0; i < word.Length; i++)
            text[i] = (char)word[i];
        return Changing.Contains(text[..word.Length]);
    }
}
