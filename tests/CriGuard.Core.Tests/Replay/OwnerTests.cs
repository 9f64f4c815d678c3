using System.Collections.Immutable;
using CriGuard.Core.Replay;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Replay;

public sealed class OwnerTests
{
    [Theory]
    [InlineData("web-5d4f7c9b8-abcde", "pod-template-hash=5d4f7c9b8", "deployment web")]
    [InlineData("web-5d4f7c9b8-x-5d4f7c9b8-abcde", "pod-template-hash=5d4f7c9b8", "deployment web-5d4f7c9b8-x")]
    [InlineData("web-0", "pod-template-hash=5d4f7c9b8", "pod web-0")]
    [InlineData("-5d4f7c9b8-abcde", "pod-template-hash=5d4f7c9b8", "pod -5d4f7c9b8-abcde")]
    [InlineData("agent-x7k2p", "controller-revision-hash=6f9b", "daemonset agent")]
    [InlineData("agent", "controller-revision-hash=6f9b", "pod agent")]
    [InlineData("db-12", "controller-revision-hash=db-6f9b statefulset.kubernetes.io/pod-name=db-12", "statefulset db")]
    [InlineData("db-", "controller-revision-hash=db-6f9b statefulset.kubernetes.io/pod-name=db-", "pod db-")]
    [InlineData("report-29-abcde", "batch.kubernetes.io/job-name=report-29 job-name=other", "job report-29")]
    [InlineData("report-29-abcde", "job-name=report-29", "job report-29")]
    [InlineData("report-29-abcde", "job-name=", "pod report-29-abcde")]
    [InlineData("alone", "", "pod alone")]
    public void The_owner_of_a_pod_is_told_by_its_labels(string name, string labels, string owner)
    {
        var pairs = labels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static l => KeyValuePair.Create(l.Split('=')[0], l.Split('=')[1]));

        var told = Owner.Of(new PodIdentity("dev", name, "u1"), pairs.ToImmutableSortedDictionary(StringComparer.Ordinal));

        Assert.Equal(("dev", owner), (told.Namespace, $"{told.Kind} {told.Name}"));
    }
}
