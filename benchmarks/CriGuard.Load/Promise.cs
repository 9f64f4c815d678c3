namespace CriGuard.Load;

/// <summary>A number that the README promises, and what was measured of it.</summary>
/// <param name="Text">What is promised.</param>
/// <param name="Limit">The most that it may be.</param>
/// <param name="Measured">What it was: the middle one where several cells were measured; null when none was.</param>
/// <param name="Worst">The most that it was in any one cell.</param>
/// <param name="Where">Where it was the most.</param>
internal sealed record Promise(string Text, double Limit, double? Measured, double? Worst, string Where)
{
    private const double RelayedToSplice = 1.15;
    private const double LiftedToStraight = 2.2;
    private const double ResidentMegabytes = 45;

    public bool Holds => Measured <= Limit;

    public string Verdict => Holds ? "holds" : "does not hold";

    public static IReadOnlyList<Promise> All(IReadOnlyList<Row> rows, IReadOnlyList<Footprint> footprints)
    {
        var relayed = rows.Where(row => row.Endpoint is Endpoint.Relayed && row.ToSplice is not null);
        var lifted = rows.Where(row => row.Endpoint is Endpoint.Lifted);
        var largest = footprints.Where(footprint => footprint.Name != Endpoint.Splice).MaxBy(footprint => footprint.AtEnd.Resident);
        return
        [
            OfCells("median of relayed calls over the byte splice", RelayedToSplice, relayed, row => row.ToSplice!.P50),
            OfCells("median of lifted calls over straight", LiftedToStraight, lifted, row => row.ToStraight!.P50),
            new("resident at rest after the load, MB", ResidentMegabytes, largest?.AtEnd.Resident, largest?.AtEnd.Resident, largest?.Name ?? "not measured"),
        ];
    }

    // One cell of a machine that others share is off by a tenth between runs: the middle of them is what can be promised, the worst is shown beside it.
    private static Promise OfCells(string text, double limit, IEnumerable<Row> rows, Func<Row, double?> ratio)
    {
        var cells = rows.OrderBy(ratio).ToList();
        if (cells.Count == 0)
            return new Promise(text, limit, null, null, "not measured");
        var middle = (ratio(cells[(cells.Count - 1) / 2]) + ratio(cells[cells.Count / 2])) / 2;
        return new Promise(text, limit, middle, ratio(cells[^1]), $"{cells[^1].Call}, {cells[^1].InFlight} in flight");
    }
}
