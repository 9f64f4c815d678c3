using CriGuard.TestBed;

namespace CriGuard.EndToEnd;

/// <summary>How a scenario reaches the runtime.</summary>
public enum Way
{
    /// <summary>At containerd's own socket.</summary>
    Straight,

    /// <summary>Through a CriGuard whose policy has no rules.</summary>
    ThroughCriGuard,
}

/// <summary>The one node of a test run, with a kubelet for each way to its runtime.</summary>
public sealed class Bed : IAsyncLifetime
{
    public const string AllowAll = """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: allow-all
        unknownMethods: relay
        rules: []
        """;

    private readonly Dictionary<Way, Kubelet> kubelets = [];
    private GuardProcess? transparent;

    public Node Node { get; private set; } = null!;

    /// <summary>A limit for waiting, far beyond what a loaded machine needs.</summary>
    public static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    public async Task InitializeAsync()
    {
        Node = await Node.StartAsync(Patience);
        kubelets[Way.Straight] = new Kubelet(Node, Node.RuntimeSocket);
    }

    /// <summary>The CriGuard whose policy has no rules.</summary>
    public async Task<GuardProcess> TransparentAsync() =>
        transparent ??= await GuardProcess.StartAsync(Node, "transparent", AllowAll, Patience);

    public async Task<Kubelet> KubeletAsync(Way way)
    {
        if (!kubelets.TryGetValue(way, out var kubelet))
            kubelets[way] = kubelet = new Kubelet(Node, (await TransparentAsync()).Socket);
        return kubelet;
    }

    public async Task DisposeAsync()
    {
        foreach (var kubelet in kubelets.Values)
            kubelet.Dispose();
        if (transparent is not null)
            await transparent.DisposeAsync();
        await Node.DisposeAsync();
    }
}

/// <summary>All tests share the bed, and therefore run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BedCollection : ICollectionFixture<Bed>
{
    public const string Name = "bed";
}
