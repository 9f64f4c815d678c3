using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Tests.Facts;

public sealed class NeighbourReaderTests
{
    [Fact]
    public void T_K1_containers_of_other_sandboxes_are_no_neighbours()
    {
        var response = new ListContainersResponse
        {
            Containers =
            {
                new Container { Id = "c0de", PodSandboxId = "5a17", Metadata = new ContainerMetadata { Name = "web" }, State = ContainerState.ContainerRunning, CreatedAt = 1_500_000_000 },
                new Container { PodSandboxId = "5a17", State = ContainerState.ContainerExited, CreatedAt = -1 },
                new Container { PodSandboxId = "5a170", Metadata = new ContainerMetadata { Name = "other" } },
            },
        };

        Assert.Equal(
            [new Neighbour("c0de", "web", Running: true, DateTimeOffset.UnixEpoch.AddSeconds(1.5)), new Neighbour("", "", Running: false, DateTimeOffset.UnixEpoch)],
            NeighbourReader.Read(response, "5a17").AsEnumerable());
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void No_time_that_a_runtime_may_say_is_too_much(long time) =>
        Assert.Single(NeighbourReader.Read(new ListContainersResponse { Containers = { new Container { CreatedAt = time } } }, ""));
}
