using System.Text.Json;
using CriGuard.TestBed;

namespace CriGuard.Load;

/// <summary>What one run found.</summary>
internal sealed record Report(
    string Machine, LoadOptions Options, IReadOnlyList<Row> Rows, IReadOnlyList<Footprint> Footprints, IReadOnlyList<Promise> Promises)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>The path of the file.</returns>
    public string Save()
    {
        var directory = Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "bench"));
        var path = Path.Combine(directory.FullName, "load.json");
        File.WriteAllText(path, JsonSerializer.Serialize(this, Json));
        return path;
    }

    public void Write(TextWriter output)
    {
        output.WriteLine(Machine);
        output.WriteLine();
        Times().Write(output);
        Memories().Write(output);
        Verdicts().Write(output);
    }

    private MarkdownTable Times()
    {
        var table = new MarkdownTable(
            "call", "in flight", "way", "p50 µs", "p99 µs", "p50/straight", "p99/straight", "p50/splice", "p99/splice", "calls/s", "CPU µs/call");
        foreach (var row in Rows)
        {
            table.Add(
                row.Call, row.InFlight, row.Endpoint, row.Times.P50, row.Times.P99, row.ToStraight?.P50, row.ToStraight?.P99,
                row.ToSplice?.P50, row.ToSplice?.P99, row.Times.CallsPerSecond, row.CpuPerCall);
        }

        return table;
    }

    private MarkdownTable Memories()
    {
        var table = new MarkdownTable("process", "MB at start", "MB at rest after", "MB at most");
        foreach (var (name, start, end) in Footprints)
            table.Add(name, start.Resident, end.Resident, end.Peak);
        return table;
    }

    private MarkdownTable Verdicts()
    {
        var table = new MarkdownTable("promise", "at most", "measured", "worst cell", "where", "verdict");
        foreach (var promise in Promises)
            table.Add(promise.Text, promise.Limit, promise.Measured, promise.Worst, promise.Where, promise.Verdict);
        return table;
    }
}
