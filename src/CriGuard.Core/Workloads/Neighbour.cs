namespace CriGuard.Core.Workloads;

/// <summary>Another container of the same sandbox, as the runtime lists it.</summary>
/// <param name="Id">The runtime's.</param>
/// <param name="Name">`ContainerMetadata.name`.</param>
/// <param name="Running">False where it was only created, or has ended.</param>
/// <param name="Created">When it was created.</param>
public sealed record Neighbour(string Id, string Name, bool Running, DateTimeOffset Created);
