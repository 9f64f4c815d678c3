using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Capabilities;

/// <summary>The lists that give a container what it asked for, as far as it is allowed.</summary>
/// <param name="Add">Names for `add_capabilities`.</param>
/// <param name="Drop">Names for `drop_capabilities`.</param>
internal sealed record CapabilityGrant(ImmutableArray<string> Add, ImmutableArray<string> Drop)
{
    /// <summary>What the runtime gives by default is kept by not dropping it: to add it would give more on CRI-O than was asked for.</summary>
    /// <param name="allowed">What may be asked for.</param>
    /// <param name="ofDefault">What may be kept of the runtime's default.</param>
    /// <param name="reading">What is asked for.</param>
    public static CapabilityGrant Within(CapabilitySet allowed, CapabilitySet ofDefault, CapabilityReading reading)
    {
        var held = CapabilitySet.All.Except(reading.Dropped);
        if (reading.StartsFromAll && held.Except(CapabilitySet.SysModule).Except(allowed).IsEmpty)
            return new CapabilityGrant([CapabilityNames.All], (reading.Dropped | CapabilitySet.SysModule).Names());
        var asked = (reading.StartsFromAll ? held : reading.Asked) & allowed;
        var kept = reading.StartsFromDefault ? CapabilitySet.RuntimeDefault.Except(reading.Dropped) & ofDefault : CapabilitySet.Empty;
        return kept.IsEmpty
            ? new CapabilityGrant(asked.Names(), [CapabilityNames.All])
            : new CapabilityGrant(asked.Names(), (reading.Dropped | CapabilitySet.RuntimeDefault.Except(ofDefault)).Names());
    }

    /// <summary>Everything is dropped but what is asked for by name.</summary>
    public static CapabilityGrant OnlyAsked(CapabilitySet allowed, CapabilityReading reading)
    {
        var asked = reading.StartsFromAll ? CapabilitySet.All.Except(reading.Dropped) : reading.Asked;
        return new CapabilityGrant((asked & allowed).Names(), [CapabilityNames.All]);
    }
}
