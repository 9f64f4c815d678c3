using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>Capabilities as they were sent (`Capability`), spelling untouched: `SYS_ADMIN`, `cap_sys_admin` and `all` all occur.</summary>
public sealed record CapabilityRequest(ImmutableArray<string> Add, ImmutableArray<string> Drop, ImmutableArray<string> AddAmbient)
{
    public static CapabilityRequest None { get; } = new([], [], []);
}
