using System.Diagnostics;
using System.Text.Json;
using CriGuard.TestBed;

namespace CriGuard.Load;

/// <summary>The Go client of `benchmarks/go-load`: makes the calls of one measurement at a time, interleaved over its sockets.</summary>
internal sealed class LoadClient : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Process process;

    private LoadClient(Process process) => this.process = process;

    public static async Task<LoadClient> StartAsync(CancellationToken cancellation)
    {
        var program = Path.Combine(Checkout.Root, "artifacts", "go-load");
        var build = await Command.RunAsync(Path.Combine(Checkout.Root, "benchmarks", "go-load", "build"), [program], cancellation);
        if (build.ExitCode != 0)
            throw new InvalidOperationException($"the load client can not be built: {build.Errors}");

        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        return new LoadClient(Process.Start(start)!);
    }

    /// <returns>The times of each socket, in the order of the sockets.</returns>
    /// <exception cref="InvalidOperationException">A call failed; the client has said on standard error which.</exception>
    public async Task<Times[]> MeasureAsync(Measurement asked, CancellationToken cancellation)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(asked, Json).AsMemory(), cancellation);
        await process.StandardInput.FlushAsync(cancellation);
        var line = await process.StandardOutput.ReadLineAsync(cancellation)
            ?? throw new InvalidOperationException($"the load client ended in the middle of `{asked.Method}`");
        return JsonSerializer.Deserialize<Times[]>(line, Json)!;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}

/// <summary>What the client is asked for: one call, made over and over at each socket.</summary>
internal sealed record Measurement(string Method, byte[] Request, int InFlight, int Rounds, int Batch, IEnumerable<string> Sockets);
