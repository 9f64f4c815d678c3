using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Tests behind a CriGuard of their own, whose policy is that of a node with tenants.</summary>
[Collection(BedCollection.Name)]
public abstract class BehindPolicy(Bed bed) : IAsyncLifetime
{
    protected const int PermissionDenied = 7;
    protected const int Unavailable = 14;

    // Tests share the node, and each has a guard with a directory of its own there.
    private static int guards;

    protected Bed Bed { get; } = bed;

    protected GuardProcess Guard { get; set; } = null!;

    /// <summary>A kubelet that is pointed to the guard.</summary>
    protected Kubelet Kubelet { get; private set; } = null!;

    /// <summary>A kubelet that is pointed past the guard, to see what there really is.</summary>
    protected Kubelet Straight { get; private set; } = null!;

    protected virtual string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: tenants
        handlers:
          - { name: runc, level: runc }
          - { name: crun, level: runc }
          - { name: runsc, level: gvisor }
        rules:
          - name: baseline
            mode: enforce
            seccomp: { default: RuntimeDefault }
            capabilities:
              allow: [CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, SYS_CHROOT]
              action: refuse
            privileged: deny
            hostNamespaces: deny
            noNewPrivileges: require
          - name: sandboxed
            mode: enforce
            match:
              podLabels: { criguard.io/sandbox: gvisor }
            sandbox: gvisor
        """;

    public async Task InitializeAsync()
    {
        Guard = await GuardProcess.StartAsync(Bed.Node, $"guard-{Interlocked.Increment(ref guards)}", Policy, Bed.Patience);
        Kubelet = new Kubelet(Bed.Node, Guard.Socket);
        Straight = await Bed.KubeletAsync(Way.Straight);
    }

    public async Task DisposeAsync()
    {
        Kubelet.Dispose();
        await Guard.DisposeAsync();
    }

    /// <summary>Runs a pod that must be refused, and sees that nothing of it is there.</summary>
    /// <returns>What a person finds in the pod's events.</returns>
    protected async Task<string> RefusalAsync(PodSpec spec)
    {
        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(spec));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.DoesNotContain(await Straight.PodsAsync(), pod => pod.Metadata.Uid == spec.Uid);
        return failure.Text;
    }

    /// <summary>The events of one kind and method, in order.</summary>
    protected async Task<IReadOnlyList<JsonElement>> EventsAsync(string kind, string method) =>
        [.. (await Guard.EventsAsync()).Where(line =>
            line.GetProperty("kind").GetString() == kind
            && line.TryGetProperty("method", out var called)
            && called.GetString()!.EndsWith("/" + method, StringComparison.Ordinal))];
}
