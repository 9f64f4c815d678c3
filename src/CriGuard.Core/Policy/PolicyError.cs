namespace CriGuard.Core.Policy;

/// <summary>One thing wrong with a policy, and what to write instead.</summary>
public sealed record PolicyError(Position At, string Message)
{
    public override string ToString() => $"{At}: {Message}";
}
