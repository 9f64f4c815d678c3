using CriGuard.TestBed;

namespace CriGuard.Load;

/// <summary>The ways to the runtime that a run compares, each with a process of its own.</summary>
internal sealed class Ways : IAsyncDisposable
{
    private readonly List<(Endpoint Endpoint, Memory AtStart)> started = [];

    private Ways(Node node) => Straight = new(Endpoint.Straight, node.RuntimeSocket, Proxy: null);

    public Endpoint Straight { get; }

    public Endpoint Splice => started[0].Endpoint;

    public Endpoint Relayed => started[1].Endpoint;

    /// <summary>A CriGuard that is told of an image service of its own, which is the same runtime: image calls are lifted, and not judged.</summary>
    public Endpoint Lifted => started[2].Endpoint;

    /// <summary>The same process as <see cref="Relayed"/>: here the calls make the difference.</summary>
    public Endpoint Judged => Relayed with { Name = Endpoint.Judged };

    public static async Task<Ways> OpenAsync(Node node, CancellationToken cancellation)
    {
        var runtime = node.RuntimeSocket;
        var ways = new Ways(node);
        try
        {
            await ways.AddAsync(node, Endpoint.Splice, socket => Proxy.StartSpliceAsync(socket, runtime, cancellation));
            await ways.AddAsync(node, Endpoint.Relayed, socket => Proxy.StartGuardAsync(socket, runtime, [], cancellation));
            string[] elsewhere = ["--image-endpoint", $"unix://{runtime}"];
            await ways.AddAsync(node, Endpoint.Lifted, socket => Proxy.StartGuardAsync(socket, runtime, elsewhere, cancellation));
            return ways;
        }
        catch
        {
            await ways.DisposeAsync();
            throw;
        }
    }

    /// <summary>Memory of each process: at its start, and now.</summary>
    public IReadOnlyList<Footprint> Footprints() => [.. started.Select(way => new Footprint(
        way.Endpoint == Relayed ? $"{Endpoint.Relayed} and {Endpoint.Judged}" : way.Endpoint.Name,
        way.AtStart,
        Memory.Read(way.Endpoint.Proxy!.Processes)))];

    public async ValueTask DisposeAsync()
    {
        foreach (var (endpoint, _) in started)
            await endpoint.Proxy!.DisposeAsync();
    }

    private async Task AddAsync(Node node, string name, Func<string, Task<Proxy>> start)
    {
        var socket = Path.Combine(Directory.CreateDirectory(Path.Combine(node.Directory, name)).FullName, "cri.sock");
        var proxy = await start(socket);
        started.Add((new Endpoint(name, socket, proxy), Memory.Read(proxy.Processes)));
    }
}
