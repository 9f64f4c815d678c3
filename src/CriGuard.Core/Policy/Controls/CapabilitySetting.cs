using CriGuard.Core.Policy.Capabilities;

namespace CriGuard.Core.Policy.Controls;

/// <summary>What a container may hold, and what happens to a request for more.</summary>
/// <param name="Allow">`SYS_MODULE` is taken out of it, whoever puts it there.</param>
/// <param name="Action">What happens to a request for more.</param>
public sealed record CapabilitySetting(CapabilitySet Allow, CapabilityAction Action)
{
    public CapabilitySet Allow { get; init => field = value.Except(CapabilitySet.SysModule); } = Allow.Except(CapabilitySet.SysModule);
}

/// <summary>What happens to a capability that is asked for beyond those allowed.</summary>
public enum CapabilityAction
{
    Refuse,

    /// <summary>The capability is taken out of the request.</summary>
    Fix,
}
