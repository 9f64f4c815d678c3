namespace CriGuard.Core.Workloads;

/// <summary>Something odd on the wire that a reader met while it made facts: it becomes a finding, never an exception.</summary>
/// <param name="Field">Path of the field in the request, in the CRI's names: `config.linux.security_context.seccomp`.</param>
/// <param name="Message">What is odd, with the value in backticks.</param>
public sealed record Anomaly(string Field, string Message);
