using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Workloads;

public sealed class WorkloadNameTests
{
    // Cut to 58 characters before the random part: a Deployment of 50 with a part of the hash, one of 62 without any.
    private const string Fifty = "a-name-of-fifty-characters-that-is-long-enough-abc";
    private const string Long = "a-name-of-sixty-two-characters-that-is-much-longer-than-can-be";

    [Theory]
    [InlineData("web-66b6c48dd5-x7k2p", "web")]
    [InlineData("web-api-66b6c48dd5-x7k2p", "web-api")]
    [InlineData("web-xxxxxxxxxx-xxxxx", "web")]
    [InlineData("agent-x7k2p", "agent")]
    [InlineData("db-12", "db")]
    [InlineData("report-29012345-x7k2p", "report")]
    [InlineData("render-3-x7k2p", "render")]
    [InlineData("render-29012345-3-x7k2p", "render")]
    [InlineData("web", "web")]
    [InlineData("web-front", "web-front")]
    [InlineData(Fifty + "-66b6c48x7k2p", Fifty)]
    [InlineData("-x7k2p", "-x7k2p")]
    [InlineData("web-", "web-")]
    [InlineData("", "")]
    public void The_workload_of_a_pod_is_in_its_name(string pod, string workload)
    {
        Assert.Equal(workload, WorkloadName.Of(pod));
        Assert.True(WorkloadName.IsOf(pod, workload));
        Assert.True(WorkloadName.IsOf(pod, pod));
    }

    [Theory]
    [InlineData("web-api-66b6c48dd5-x7k2p")]
    [InlineData("web-front")]
    [InlineData("web-proxy")]
    [InlineData("web-66b6c48dd5")]
    [InlineData("web-db-x7k2p")]
    [InlineData("web-cache-0")]
    [InlineData("webx7k2p")]
    [InlineData("my-web-x7k2p")]
    public void A_pod_whose_name_only_begins_alike_is_another_workloads(string pod) => Assert.False(WorkloadName.IsOf(pod, "web"));

    [Fact]
    public void A_name_with_two_readings_is_of_both_workloads()
    {
        Assert.All((string[])["web-66b6c48dd5", "web", "web-66b6c48dd5-x7k2p"], static w => Assert.True(WorkloadName.IsOf("web-66b6c48dd5-x7k2p", w)));
        Assert.True(WorkloadName.IsOf("web-7-x7k2p", "web-7"));
    }

    [Fact]
    public void Names_that_were_cut_are_of_the_workload_that_they_were_cut_from()
    {
        Assert.Equal((50, 62), (Fifty.Length, Long.Length));
        Assert.True(WorkloadName.IsOf(Long[..58] + "x7k2p", Long));
        Assert.True(WorkloadName.IsOf(Long[..58] + "bcdfg", WorkloadName.Of(Long[..58] + "x7k2p")));
        Assert.False(WorkloadName.IsOf(Long[..58] + "x7k2p", "a-name"));
        Assert.False(WorkloadName.IsOf(Fifty + "-66b6c48x7k2p", "a-name-of-fifty-characters-that-is-long-enough"));
    }
}
