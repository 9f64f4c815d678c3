namespace CriGuard.Load;

/// <summary>A number that the README promises, and the worst that was measured of it.</summary>
/// <param name="Text">What is promised.</param>
/// <param name="Limit">The most that it may be.</param>
/// <param name="Worst">The most that it was; null when nothing was measured.</param>
/// <param name="Where">Where it was the most.</param>
internal sealed record Promise(string Text, double Limit, double? Worst, string Where)
{
    private const double RelayedToSplice = 1.15;
    private const double LiftedToStraight = 2.2;
    private const double ResidentMegabytes = 45;

    public bool Holds => Worst <= Limit;

    public string Verdict => Holds ? "holds" : "does not hold";

    public static IReadOnlyList<Promise> All(IReadOnlyList<Row> rows, IReadOnlyList<Footprint> footprints)
    {
        var relayed = rows.Where(row => row is { Endpoint: Endpoint.Relayed, ToSplice: not null }).MaxBy(row => row.ToSplice!.P50);
        var lifted = rows.Where(row => row.Endpoint is Endpoint.Lifted).MaxBy(row => row.ToStraight!.P50);
        var largest = footprints.Where(footprint => footprint.Name != Endpoint.Splice).MaxBy(footprint => footprint.AtEnd.Resident);
        return
        [
            new("relayed calls over the byte splice, medians", RelayedToSplice, relayed?.ToSplice!.P50, Place(relayed)),
            new("lifted calls over straight, medians", LiftedToStraight, lifted?.ToStraight!.P50, Place(lifted)),
            new("resident at rest after the load, MB", ResidentMegabytes, largest?.AtEnd.Resident, largest?.Name ?? "not measured"),
        ];
    }

    private static string Place(Row? row) => row is null ? "not measured" : $"{row.Call}, {row.InFlight} in flight";
}
