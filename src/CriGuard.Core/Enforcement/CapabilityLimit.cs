using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>What a request can come to at most, by the meaning of the request and not by what one runtime makes of its spelling (T-U1).</summary>
/// <param name="Known">By number.</param>
/// <param name="Any">True where a capability that has no name here is in it too: a newer kernel's, under `ALL`.</param>
internal readonly record struct CapabilityLimit(CapabilitySet Known, bool Any)
{
    /// <summary>What containerd makes of `CAP_X`, and no kernel knows: it gives nothing.</summary>
    private const string Doubled = "CAP_CAP_";

    public static CapabilityLimit Of(CapabilityReading reading)
    {
        var start = reading.StartsFromAll ? CapabilitySet.All : reading.StartsFromDefault ? CapabilitySet.RuntimeDefault : CapabilitySet.Empty;
        return new CapabilityLimit((start | reading.Added).Except(reading.Dropped), reading.StartsFromAll);
    }

    /// <summary>`add_ambient_capabilities`: "added to all sets".</summary>
    public static CapabilityLimit OfAmbient(CapabilityRequest request, CapabilityReading reading)
    {
        var asked = CapabilityReading.Read(CapabilityRequest.None with { AddAmbient = request.AddAmbient });
        return new CapabilityLimit((asked.StartsFromAll ? CapabilitySet.All : asked.Added).Except(reading.Dropped), asked.StartsFromAll);
    }

    public bool Holds(string name)
    {
        if (name.StartsWith(Doubled, StringComparison.Ordinal))
            return true;
        return CapabilityNames.TryParse(name, out var number) ? !(Known & CapabilitySet.Empty.With(number)).IsEmpty : Any;
    }
}
