using CriGuard.TestBed;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>What an exception lets through, and what the floor lets nobody.</summary>
public sealed class ExceptionTests(Bed bed) : BehindPolicy(bed)
{
    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: excepted
        floor:
          mode: enforce
          noNewPrivileges: require
        rules:
          - name: everyone
            mode: enforce
            privileged: deny
            capabilities: { allow: [CHOWN], action: refuse }
        exceptions:
          - name: network-agent
            control: capabilities
            match: { namespaces: [agents] }
            allow: [NET_ADMIN]
            reason: programs the node's network
            owner: platform
            expires: 2999-01-01
          - name: forgotten
            control: privileged
            match: { namespaces: [agents] }
            reason: was needed once
            owner: platform
            expires: 2020-01-01
          - name: elsewhere
            control: privileged
            match: { callers: [/usr/bin/kubelet] }
            reason: not the caller of this test
            owner: platform
            expires: 2999-01-01
        """;

    private static PodSpec Asking(string space, params string[] capabilities) =>
        PodSpec.Ordinary with { Namespace = space, Containers = [new() { AddCapabilities = capabilities, DropCapabilities = ["ALL"] }] };

    [Fact]
    public async Task An_exception_gives_what_it_names_and_nothing_else()
    {
        await using var pod = await Kubelet.RunAsync(Asking("agents", "NET_ADMIN"));

        var process = await Straight.ProcessAsync(pod.Main);
        Assert.True(process.Has(Capability.NetAdmin));
        Assert.False(process.MayHave(Capability.SysModule));
        // The floor, which this exception is not about.
        Assert.True(process.NoNewPrivileges);
        Assert.Contains("`SYS_TIME`", await RefusalAsync(Asking("agents", "NET_ADMIN", "SYS_TIME")));
        Assert.Contains("`NET_ADMIN`", await RefusalAsync(Asking("tenant", "NET_ADMIN")));
    }

    [Fact]
    public async Task An_exception_that_has_expired_or_is_about_another_caller_lets_nothing_through()
    {
        Assert.Contains("`everyone`", await RefusalAsync(PodSpec.Privileged with { Namespace = "agents" }));

        var refused = Assert.Single(await EventsAsync("call.decided", "RunPodSandbox"));
        Assert.Contains(
            refused.GetProperty("findings").EnumerateArray(),
            finding => finding.GetProperty("rule").GetString() == "forgotten" && finding.GetProperty("message").GetString()!.Contains("expired"));
    }
}
