namespace CriGuard.Manifests;

/// <summary>Quality of service of a pod (kubernetes, pkg/apis/core/v1/helper/qos).</summary>
internal enum ServiceClass
{
    BestEffort,
    Burstable,
    Guaranteed,
}

/// <summary>Reads it off what the containers ask for.</summary>
internal static class QualityOfService
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static ServiceClass Of(PodTemplate pod)
    {
        var wants = pod.Containers.Where(static container => container.Kind != ContainerKind.Ephemeral)
            .SelectMany(static container => Counted.Select(name => Want(container.Field["resources"], name))).ToList();
        if (wants.TrueForAll(static want => want is { Request: 0, Limit: 0 }))
            return ServiceClass.BestEffort;
        return wants.TrueForAll(static want => want.Limit > 0 && want.Request == want.Limit) ? ServiceClass.Guaranteed : ServiceClass.Burstable;
    }

    // The API server takes a limit for a request that is not given.
    private static (decimal Request, decimal Limit) Want(Field resources, string name)
    {
        var limit = resources["limits"][name].Amount?.Value ?? 0;
        return (resources["requests"][name].Amount?.Value ?? limit, limit);
    }
}
