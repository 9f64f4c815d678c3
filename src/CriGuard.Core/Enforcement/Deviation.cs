namespace CriGuard.Core.Enforcement;

/// <summary>Something that is weaker than what was asked for, or than what was to be started.</summary>
/// <param name="Aspect">What it is about.</param>
/// <param name="Text">What there is, to stand after "would start with" or "runs with": ``device `/dev/mem`, which it does not ask for``.</param>
public sealed record Deviation(Aspect Aspect, string Text);
