using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Methods;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Benchmarks.Judging;

/// <summary>What judging costs before and after the decision itself: bytes to facts, changes to bytes.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private readonly byte[] _container = KubeletRequests.CreateContainer();
    private readonly byte[] _sandbox = KubeletRequests.RunPodSandbox();
    private readonly SandboxFacts _pinned = new() { Pod = new PodIdentity("team-a", "web-0", "2f1c") };
    private readonly Received<CreateContainerRequest> _received = Receive<CreateContainerRequest>(KubeletRequests.CreateContainer());
    private readonly ImmutableArray<Change> _changes =
    [
        new("tenants", Control.Seccomp, "seccomp", "Unconfined", "RuntimeDefault", new Edit.Seccomp(SecurityProfile.RuntimeDefault)),
        new("tenants", Control.NoNewPrivileges, "no_new_privs", "unset", "true", new Edit.NoNewPrivileges()),
    ];

    [Benchmark(Description = "look a method up")]
    public Treatment LookUp() => MethodTable.Of("/runtime.v1.RuntimeService/ListContainers"u8);

    [Benchmark(Description = "read the facts of a sandbox")]
    public SandboxFacts ReadSandbox() => SandboxReader.Read(Receive<RunPodSandboxRequest>(_sandbox));

    [Benchmark(Description = "read the facts of a container")]
    public ContainerFacts ReadContainer() => ContainerReader.Read(Receive<CreateContainerRequest>(_container), _pinned);

    [Benchmark(Description = "write two changes into a container")]
    public ReadOnlyMemory<byte> PatchContainer() => RequestPatcher.Apply(_received, _changes);

    private static Received<T> Receive<T>(byte[] bytes)
        where T : class, Google.Protobuf.IMessage<T>, new() =>
        Received.TryParse<T>(bytes, out var received) ? received : throw new InvalidOperationException("the request is a message");
}
