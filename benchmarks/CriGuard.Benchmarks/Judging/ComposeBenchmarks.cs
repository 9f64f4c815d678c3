using BenchmarkDotNet.Attributes;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Store.Profiles;

namespace CriGuard.Benchmarks.Judging;

/// <summary>What a seccomp profile costs: composed and written for a new workload (5 ms at most), and known already (50 µs at most).</summary>
[MemoryDiagnoser]
public class ComposeBenchmarks
{
    private static readonly ProfileContext Context = new(CapabilitySet.RuntimeDefault, CallArchitecture.X64, new Version(6, 1));

    private static readonly LocalProfile Own = new(
        "own.json", "own", new SeccompProfile(SeccompAction.Allow, ["SCMP_ARCH_X86"], [new(["chmod", "ptrace"], SeccompAction.NotPermitted, [])]), "");

    private readonly ComposedFiles _files = new(Directory.CreateTempSubdirectory("criguard-bench-").FullName);

    private readonly SeccompComposer _composer = new(static () => ShippedProfiles.Seccomp);

    [Benchmark(Description = "compose a profile and write its file")]
    public ComposedSeccomp ComposeAndWrite()
    {
        var composed = new SeccompComposer(static () => ShippedProfiles.Seccomp).Compose(["default", "no-modules"], Own, Context);
        _files.Write(composed);
        return composed;
    }

    [Benchmark(Description = "compose a profile that is known")]
    public ComposedSeccomp ComposeKnown() => _composer.Compose(["default", "no-modules"], Own, Context);

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_files.Path, recursive: true);
}
