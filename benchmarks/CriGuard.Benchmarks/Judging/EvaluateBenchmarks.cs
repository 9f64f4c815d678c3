using BenchmarkDotNet.Attributes;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Store.Policies;

namespace CriGuard.Benchmarks.Judging;

/// <summary>What the decision itself costs, under the policy that ships for tenants.</summary>
[MemoryDiagnoser]
public class EvaluateBenchmarks
{
    private static readonly NodeFacts Node = new() { AppArmorProfiles = ["cri-containerd.apparmor.d"], RuntimeHandlers = ["runc", "runsc"] };

    private readonly CompiledPolicy _policy = PolicyReader.Read(Path.Combine(AppContext.BaseDirectory, "baseline.yaml")).Policy
        ?? throw new InvalidOperationException("the shipped policy has errors");

    private readonly CompiledPolicy _large = LargePolicy.Compile();

    private readonly ContainerFacts _ordinary = new()
    {
        Sandbox = Sandbox("team-42-web") with { Labels = Match.Everything.PodLabels.Add("app", "web") },
        Name = "web",
        Image = new ImageFacts("sha256:0f3c", "registry.example/web:1"),
        Seccomp = SecurityProfile.RuntimeDefault,
        Capabilities = new CapabilityRequest(["NET_BIND_SERVICE"], ["ALL"], []),
    };

    private readonly ContainerFacts _container = new()
    {
        Sandbox = Sandbox("team-a"),
        Name = "web",
        Image = new ImageFacts("sha256:0f3c", "registry.example/web:1"),
        Seccomp = SecurityProfile.Unconfined,
    };

    [Benchmark(Description = "decide on a sandbox")]
    public Verdict DecideSandbox() => Engine.Evaluate(_policy, Node, _container.Sandbox);

    [Benchmark(Description = "decide on a container that is changed")]
    public Verdict DecideContainer() => Engine.Evaluate(_policy, Node, _container);

    [Benchmark(Description = "decide on a container that is refused")]
    public Verdict RefuseContainer() => Engine.Evaluate(_policy, Node, _container with { Privileged = true });

    [Benchmark(Description = "decide on a container under 100 rules and 20 exceptions")]
    public Verdict DecideUnderManyRules() => Engine.Evaluate(_large, Node, _ordinary);

    private static SandboxFacts Sandbox(string space) => new() { Pod = new PodIdentity(space, "web-0", "2f1c"), Privileged = false };
}
