using CriGuard.Core.Policy.Isolation;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The isolation that a pod is run with at least.</summary>
/// <param name="Level">Given by one of the policy's `handlers`.</param>
/// <param name="RefusesWeaker">A pod that asks for less is refused instead of raised: its own RuntimeClass must name the handler.</param>
/// <param name="At">Where it is written.</param>
public sealed record SandboxSetting(IsolationLevel Level, bool RefusesWeaker = false, Position At = default);
