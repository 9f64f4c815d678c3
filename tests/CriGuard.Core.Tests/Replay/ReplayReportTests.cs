using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Replay;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Replay;

public sealed class ReplayReportTests
{
    private static readonly Finding Refuses = new("strict", Control.Privileged, RuleMode.Enforce, Effect.Refuse, "f", "m", "");
    private static readonly Change Changes = new("strict", Control.Seccomp, "f", "unset", "RuntimeDefault", new Edit.Seccomp(SecurityProfile.RuntimeDefault));

    [Fact]
    public void Pods_of_one_owner_that_fare_alike_are_one_workload_whatever_their_names_and_uids()
    {
        var report = ReplayReport.Of("r", [Replica("b", "is privileged"), Replica("a", "is privileged"), Replica("c", "is something else")]);

        Assert.Equal(["web-1f-a web-1f-b", "web-1f-c"], report.Workloads.Select(static w => string.Join(' ', w.Pods)));
        Assert.All(report.Workloads, static w => Assert.Equal(new Owner("dev", "deployment", "web"), w.Owner));
    }

    // Labels are written by tenants: a pod must not hide behind another's.
    [Fact]
    public void A_pod_that_claims_the_owner_of_others_is_listed_by_itself_where_it_fares_otherwise()
    {
        var good = Pod("web-1f-a", [Part("web", [], [])]);
        var bad = Pod("web-1f-b", [Part("web", [Refuses], [])]);

        Assert.Equal([ReplayOutcome.Refused, ReplayOutcome.Unchanged], ReplayReport.Of("r", [good, bad]).Workloads.Select(static w => w.Outcome));
    }

    [Fact]
    public void Workloads_stand_by_what_matters_and_are_counted()
    {
        var unjudged = Part("web", [], []) with { Verdict = null, Reason = "gone" };
        var report = ReplayReport.Of("r",
        [
            Pod("e", [Part("web", [], [])]),
            Pod("d", [Part("web", [Refuses with { Mode = RuleMode.Audit }], [])]),
            Pod("c", [Part("web", [Refuses with { Effect = Effect.Change }], [Changes])]),
            Pod("b", [unjudged, Part("side", [], [Changes])]),
            Pod("a", [Part("", [], []), unjudged, Part("web", [Refuses], [])]),
            Pod("f", []),
        ]);

        Assert.Equal(["a", "b", "c", "d", "e", "f"], report.Workloads.Select(static w => w.Owner.Name));
        Assert.Equal([1, 1, 1, 1, 2], Enum.GetValues<ReplayOutcome>().Select(report.Count));
    }

    private static ReplayedPod Replica(string suffix, string what)
    {
        var name = $"web-1f-{suffix}";
        var finding = Refuses with { Message = $"pod `dev/{name}` {what}: `/var/lib/kubelet/pods/uid-{suffix}/volumes`" };
        return Pod(name, [Part("web", [finding], [])], $"uid-{suffix}");
    }

    private static ReplayedPod Pod(string name, ImmutableArray<ReplayedPart> parts, string uid = "u") =>
        new(new PodIdentity("dev", name, uid), ImmutableSortedDictionary<string, string>.Empty.Add("pod-template-hash", "1f"), parts);

    private static ReplayedPart Part(string container, ImmutableArray<Finding> findings, ImmutableArray<Change> changes) =>
        new() { Container = container, Basis = ReplayBasis.Request, Verdict = new Verdict("r", findings, changes) };
}
