namespace CriGuard.Core.Policy;

/// <summary>One thing wrong with a policy, and what to write instead.</summary>
public sealed record PolicyError(Position At, string Message)
{
    /// <summary>One line, whatever the file holds.</summary>
    public override string ToString() => $"{At}: {string.Concat(Message.Select(static c => char.IsControl(c) ? '?' : c))}";
}
