using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Capabilities;

/// <summary>A capability request as its author meant it, in the order of both runtimes: ALL first, then adds, then drops (T-U2).</summary>
internal sealed record CapabilityReading
{
    public bool AddsAll { get; private init; }

    public bool DropsAll { get; private init; }

    /// <summary>Single names to add; ambient ones count as adds (T-U4).</summary>
    public CapabilitySet Added { get; private init; }

    public CapabilitySet Dropped { get; private init; }

    /// <summary>Names that no runtime knows, as they were sent.</summary>
    public ImmutableArray<string> Unknown { get; private init; } = [];

    /// <summary>Known names in a spelling of which containerd makes another capability (`CAP_X` becomes `CAP_CAP_X`), as they were sent.</summary>
    public ImmutableArray<string> Misspelt { get; private init; } = [];

    /// <summary>True where the container starts from every capability.</summary>
    public bool StartsFromAll => AddsAll && !DropsAll;

    /// <summary>True where the container starts from what the runtime gives by default.</summary>
    public bool StartsFromDefault => !AddsAll && !DropsAll;

    /// <summary>Single names that the container would hold because they were asked for.</summary>
    public CapabilitySet Asked => Added.Except(Dropped);

    public static CapabilityReading Read(CapabilityRequest request)
    {
        var (unknown, misspelt) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        var added = Names(request.Add, out var addsAll, unknown, misspelt);
        var ambient = Names(request.AddAmbient, out var addsAllAmbient, unknown, misspelt);
        var dropped = Names(request.Drop, out var dropsAll, unknown, misspelt);
        return new CapabilityReading
        {
            AddsAll = addsAll || addsAllAmbient,
            DropsAll = dropsAll,
            Added = added | ambient,
            Dropped = dropped,
            Unknown = unknown.ToImmutable(),
            Misspelt = misspelt.ToImmutable(),
        };
    }

    private static CapabilitySet Names(
        ImmutableArray<string> names, out bool all, ImmutableArray<string>.Builder unknown, ImmutableArray<string>.Builder misspelt)
    {
        all = false;
        var set = CapabilitySet.Empty;
        foreach (var name in names)
        {
            if (name.Equals(CapabilityNames.All, StringComparison.OrdinalIgnoreCase))
                all = true;
            else if (!CapabilityNames.TryParse(name, out var number))
                unknown.Add(name);
            else
            {
                set = set.With(number);
                if (name != CapabilityNames.Of(number))
                    misspelt.Add(name);
            }
        }

        return set;
    }
}
