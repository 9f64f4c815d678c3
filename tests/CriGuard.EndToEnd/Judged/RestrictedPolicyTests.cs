using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>The shipped restricted.yaml as it is, on real containerd: what a tenant should be runs, under a composed profile and as it was asked for.</summary>
public sealed class RestrictedPolicyTests(Bed bed) : BehindPolicy(bed)
{
    private static readonly PodSpec Tenant = PodSpec.Ordinary with { Containers = [new() { User = 1000, NoNewPrivileges = true, DropCapabilities = ["ALL"] }] };

    protected override string Policy => File.ReadAllText(Path.Combine(Checkout.Root, "profiles", "policies", "restricted.yaml"));

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task A_tenant_as_it_should_be_runs_under_a_composed_profile_and_nothing_of_it_drifts(string handler)
    {
        await using var pod = await Kubelet.RunAsync(Tenant with { Handler = handler });

        var process = await Straight.ProcessAsync(pod.Main);
        Assert.Equal((2, 1000u, 0ul), (process.Seccomp, process.UserId, process.Bounding));
        var created = Assert.Single(await EventsAsync("call.decided", "CreateContainer"));
        Assert.Contains(created.GetProperty("changes").EnumerateArray(), change => change.GetProperty("after").GetString()!.StartsWith($"Localhost/{Guard.StateDirectory}/seccomp/", StringComparison.Ordinal));
        Assert.StartsWith("same", (await Guard.CommandAsync("inspect", "--all", "--runtime-endpoint", $"unix://{Bed.Node.RuntimeSocket}")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_that_a_base_spec_gives_more_is_not_started()
    {
        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(Tenant with { Handler = "altered" }));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains("forbidden by rule `tenants`", failure.Text, StringComparison.Ordinal);
    }
}
