namespace CriGuard.Core.Workloads;

/// <summary>A port of the node that leads to a pod (`PortMapping` whose `host_port` is not 0).</summary>
/// <param name="Number">As it was sent: direct clients can write what is no port.</param>
/// <param name="Container">The port in the pod.</param>
public sealed record HostPort(int Number, int Container);
