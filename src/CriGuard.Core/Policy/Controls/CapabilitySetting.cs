using System.Collections.Immutable;
using CriGuard.Core.Policy.Capabilities;

namespace CriGuard.Core.Policy.Controls;

/// <summary>What a container may hold, and what happens to a request for more.</summary>
/// <param name="Allow">`SYS_MODULE` is taken out of it, whoever puts it there.</param>
/// <param name="Action">What happens to a request for more.</param>
public sealed record CapabilitySetting(CapabilitySet Allow, CapabilityAction Action)
{
    public CapabilitySet Allow { get; init => field = value.Except(CapabilitySet.SysModule); } = Allow.Except(CapabilitySet.SysModule);

    /// <summary>What the runtime gives by default is left to the container, allowed or not: only requests are judged.</summary>
    public bool KeepsDefaults { get; init; }

    /// <summary>The container must drop `ALL`, by its own word or by the rule's.</summary>
    public bool RequiresDropAll { get; init; }

    /// <summary>What of the runtime's default a container may keep.</summary>
    internal CapabilitySet AllowOfDefault => KeepsDefaults ? CapabilitySet.All : Allow;

    /// <summary>What a container may start with.</summary>
    internal CapabilitySet AllowToStart => KeepsDefaults ? Allow | CapabilitySet.RuntimeDefault : Allow;

    /// <summary>The setting with more allowed.</summary>
    public CapabilitySetting Allowing(ImmutableArray<string> names) => this with { Allow = Allow | CapabilitySet.Of([.. names]) };

    /// <summary>Why an exception cannot allow it; null where it can.</summary>
    public static string? Objection(string name) => !CapabilityNames.TryParse(name, out var number) || CapabilityNames.Of(number) != name
        ? "is not a capability: write a name of capabilities(7) without `CAP_`"
        : name == "SYS_MODULE" ? "cannot be allowed: it loads code into the node's kernel; load the module on the node instead" : null;
}

/// <summary>What happens to a capability that is asked for beyond those allowed.</summary>
public enum CapabilityAction
{
    Refuse,

    /// <summary>The capability is taken out of the request.</summary>
    Fix,
}
