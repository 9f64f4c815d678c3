using System.Text;
using CriGuard.Cri.Methods;

namespace CriGuard.Cri.Tests.Methods;

public sealed class MethodTableTests
{
    public static TheoryData<string, Treatment> Listed()
    {
        var data = new TheoryData<string, Treatment>();
        foreach (var rpc in RpcList.All)
            data.Add(rpc.Path, rpc.Treatment);
        return data;
    }

    [Theory]
    [MemberData(nameof(Listed))]
    public void Every_listed_rpc_is_treated_as_the_list_says(string path, Treatment treatment)
    {
        Assert.Equal(treatment, MethodTable.Of(Encoding.ASCII.GetBytes(path)));
    }

    [Fact]
    public void The_table_knows_the_listed_rpcs_and_no_others()
    {
        Assert.Equal(
            RpcList.All.Select(static r => r.Path).Order(StringComparer.Ordinal),
            MethodTable.Known.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("v1", 43)]
    [InlineData("v1alpha2", 29)]
    public void Both_packages_are_whole(string version, int count)
    {
        Assert.Equal(count, MethodTable.Known.Keys.Count(path => path.StartsWith($"/runtime.{version}.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("CreateContainer")]
    [InlineData("runtime.v1.RuntimeService/CreateContainer")]
    [InlineData("//runtime.v1.RuntimeService/CreateContainer")]
    [InlineData("/runtime.v1.RuntimeService//CreateContainer")]
    [InlineData("/runtime.v1.RuntimeService/CreateContainer/")]
    [InlineData("/runtime.v1.RuntimeService/Status/CreateContainer")]
    [InlineData("/runtime.v1.RuntimeService/")]
    [InlineData("/runtime.v1.RuntimeService")]
    [InlineData("//Status")]
    [InlineData("/runtime.v1.RuntimeService/Status ")]
    [InlineData("/runtime.v1.RuntimeService/Status\0")]
    [InlineData("/runtime.v1.RuntimeService/Status?")]
    [InlineData("/runtime.v1.RuntimeService/St%61tus")]
    [InlineData("/runtime.v1.RuntimeService/Stätus")]
    [InlineData("http://localhost/runtime.v1.RuntimeService/Status")]
    public void What_is_no_grpc_path_is_refused(string path)
    {
        Assert.Equal(Treatment.Refuse, MethodTable.Of(Encoding.UTF8.GetBytes(path)));
    }

    [Theory]
    [InlineData("/runtime.v1.RuntimeService/createContainer")]
    [InlineData("/runtime.v1.RuntimeService/CREATECONTAINER")]
    [InlineData("/Runtime.v1.RuntimeService/CreateContainer")]
    [InlineData("/runtime.v1.ImageService/CreateContainer")]
    [InlineData("/runtime.v1.RuntimeService./CreateContainer")]
    [InlineData("/runtime.v1.RuntimeService/CreateContainerX")]
    [InlineData("/runtime.v2.RuntimeService/RunPodSandbox")]
    [InlineData("/runtime.v1alpha2.RuntimeService/CheckpointContainer")]
    public void A_spelling_that_is_near_a_known_method_is_not_that_method(string path)
    {
        Assert.Equal(Treatment.Unknown, MethodTable.Of(Encoding.ASCII.GetBytes(path)));
    }

    [Theory]
    [InlineData("/runtime.v1.RuntimeService/ReplacePod")]
    [InlineData("/runtime.v1.RuntimeService/RunPod")]
    [InlineData("/runtime.v1.RuntimeService/UpdatePodNetwork")]
    [InlineData("/runtime.v1.RuntimeService/StreamExec")]
    [InlineData("/runtime.v1.RuntimeService/PortForwardUdp")]
    [InlineData("/containerd.services.tasks.v1.Tasks/Create")]
    [InlineData("/containerd.services.tasks.v1.Tasks/Start")]
    [InlineData("/containerd.services.tasks.v1.Tasks/Exec")]
    [InlineData("/containerd.services.content.v1.Content/Write")]
    [InlineData("/a.B/_Create")]
    public void An_unknown_method_whose_name_changes_something_is_unknown(string path)
    {
        Assert.Equal(Treatment.Unknown, MethodTable.Of(Encoding.ASCII.GetBytes(path)));
    }

    [Theory]
    [InlineData("/runtime.v1.RuntimeService/PodSandboxHealth")]
    [InlineData("/runtime.v1.RuntimeService/StreamContainerUpdates")]
    [InlineData("/runtime.v1.RuntimeService/GetCheckpointStatus")]
    [InlineData("/runtime.v1.RuntimeService/ListRunPolicies")]
    [InlineData("/runtime.v1.RuntimeService/RuntimeHandlers")]
    [InlineData("/runtime.v1alpha2.RuntimeService/GetContainerEvents")]
    [InlineData("/grpc.health.v1.Health/Check")]
    [InlineData("/runtime.v2alpha1.RuntimeService/PodSandboxHealth")]
    [InlineData("/runtime.v1.ImageService/ImageLayers")]
    public void An_unknown_method_whose_name_reads_is_relayed(string path)
    {
        Assert.Equal(Treatment.Relay, MethodTable.Of(Encoding.ASCII.GetBytes(path)));
    }

    [Theory]
    [InlineData("/containerd.services.diff.v1.Diff/Diff")]
    [InlineData("/containerd.services.content.v1.Content/Read")]
    [InlineData("/containerd.services.content.v1.Content/Delete")]
    [InlineData("/containerd.services.tasks.v1.Tasks/Kill")]
    [InlineData("/containerd.services.tasks.v1.Tasks/List")]
    [InlineData("/containerd.services.events.v1.Events/Publish")]
    [InlineData("/containerd.services.snapshots.v1.Snapshots/View")]
    [InlineData("/containerd.services.sandbox.v1.Controller/Shutdown")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]
    [InlineData("/grpc.health.v1.HealthX/Check")]
    [InlineData("/runtime.v1.RuntimeServiceX/Status")]
    [InlineData("/runtime.v1.x.RuntimeService/Status")]
    [InlineData("/runtime.vx.RuntimeService/Status")]
    [InlineData("/runtime.v.RuntimeService/Status")]
    [InlineData("/runtime.v1RuntimeService/Status")]
    public void T_Q2_T_Q4_a_method_of_another_service_than_the_CRIs_is_unknown_whatever_its_name(string path)
    {
        Assert.Equal(Treatment.Unknown, MethodTable.Of(Encoding.ASCII.GetBytes(path)));
    }

    [Fact]
    public void A_path_longer_than_any_known_one_is_judged_by_its_verb()
    {
        Assert.Equal(Treatment.Unknown, MethodTable.Of(Encoding.ASCII.GetBytes($"/{new string('s', 60_000)}/CreateContainer")));
        Assert.Equal(Treatment.Relay, MethodTable.Of(Encoding.ASCII.GetBytes($"/runtime.v1.RuntimeService/{string.Concat(Enumerable.Repeat("Ab", 30_000))}")));
    }

    [Fact]
    public void Looking_a_method_up_allocates_nothing()
    {
        string[] texts = [.. RpcList.All.Select(static r => r.Path), "/runtime.v1.RuntimeService/Other", "junk"];
        byte[][] paths = [.. texts.Select(Encoding.ASCII.GetBytes)];
        LookUp(paths);

        var before = GC.GetAllocatedBytesForCurrentThread();
        LookUp(paths);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void LookUp(byte[][] paths)
    {
        foreach (var path in paths)
            MethodTable.Of(path);
    }
}
