namespace CriGuard.Core.Policy;

/// <summary>What happens to a container that is started and whose creation is not in the log: made around the gate, or while it was away (T-C8).</summary>
public enum Unaccounted
{
    /// <summary>A finding; what it would start with is judged all the same.</summary>
    Report,

    /// <summary>It is not started.</summary>
    Deny,
}
