using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Tests.Facts;

public sealed class HandlersReaderTests
{
    [Fact]
    public void Handlers_are_named_by_the_field_where_the_runtime_fills_it()
    {
        var response = new StatusResponse
        {
            RuntimeHandlers = { new RuntimeHandler(), new RuntimeHandler { Name = "runsc" }, new RuntimeHandler { Name = "runc" } },
            Info = { ["config"] = """{"containerd":{"runtimes":{"old":{}}}}""" },
        };

        Assert.Equal(["runc", "runsc"], HandlersReader.Read(response)!);
    }

    [Fact]
    public void Older_containerd_shows_them_in_its_configuration()
    {
        var response = new StatusResponse
        {
            Info =
            {
                ["config"] = """{"containerd":{"defaultRuntimeName":"runc","runtimes":{"runsc":{"runtimeType":"io.x.v1"},"runc":{}}}}""",
            },
        };

        Assert.Equal(["runc", "runsc"], HandlersReader.Read(response)!);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"containerd":[]}""")]
    [InlineData("[crio.runtime]")]
    public void A_runtime_that_does_not_tell_is_not_one_without_handlers(string config)
    {
        Assert.Null(HandlersReader.Read(new StatusResponse { Info = { ["config"] = config } }));
        Assert.Null(HandlersReader.Read(new StatusResponse()));
    }
}
