using CriGuard.TestBed;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd;

/// <summary>The bed itself: it must not touch the machine that it stands on.</summary>
[Collection(BedCollection.Name)]
public sealed class NodeTests
{
    [Fact]
    public async Task A_node_that_ends_with_its_pods_running_leaves_nothing()
    {
        string directory;
        List<int> processes = [];
        await using (var node = await Node.StartAsync(Bed.Patience))
        {
            directory = node.Directory;
            using var kubelet = new Kubelet(node, node.RuntimeSocket);
            foreach (var handler in (string[])["runc", "crun", "runsc"])
            {
                await kubelet.RunAsync(PodSpec.Ordinary with { Handler = handler });
                processes.AddRange(Directory.EnumerateFiles("/sys/fs/cgroup", "cgroup.procs", SearchOption.AllDirectories)
                    .Where(file => file.Contains(node.PodGroup, StringComparison.Ordinal))
                    .SelectMany(File.ReadLines).Select(int.Parse));
            }
        }

        Assert.True(processes.Count > 6);
        Assert.False(Directory.Exists(directory));
        Assert.DoesNotContain(Directory.EnumerateDirectories("/sys/fs/cgroup", "*", SearchOption.AllDirectories),
            group => group.Contains(Path.GetFileName(directory), StringComparison.Ordinal));
        Assert.DoesNotContain(processes, Lives);
    }

    [Fact]
    public async Task Two_nodes_do_not_see_each_other()
    {
        await using var one = await Node.StartAsync(Bed.Patience);
        await using var other = await Node.StartAsync(Bed.Patience);
        using var kubelet = new Kubelet(one, one.RuntimeSocket);
        using var neighbour = new Kubelet(other, other.RuntimeSocket);

        await using var pod = await kubelet.RunAsync(PodSpec.Ordinary);

        Assert.Empty(await neighbour.PodsAsync());
    }

    // A killed process may still wait to be collected by the machine's process 1: it does nothing any more.
    private static bool Lives(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
