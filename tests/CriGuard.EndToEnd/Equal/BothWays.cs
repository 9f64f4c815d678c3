using CriGuard.TestBed;

namespace CriGuard.EndToEnd.Equal;

/// <summary>A suite that is run twice, straight and through CriGuard: what holds at the runtime must hold behind the gate.</summary>
[Collection(BedCollection.Name)]
public abstract class BothWays(Bed bed, Way way) : IAsyncLifetime
{
    protected Bed Bed { get; } = bed;

    protected Kubelet Kubelet { get; private set; } = null!;

    public async Task InitializeAsync() => Kubelet = await Bed.KubeletAsync(way);

    public virtual Task DisposeAsync() => Task.CompletedTask;
}
