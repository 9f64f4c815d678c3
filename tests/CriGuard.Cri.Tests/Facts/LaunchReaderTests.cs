using System.Text.Json;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Tests.Facts;

/// <summary>T-I4: what of a container's first process the request did not say.</summary>
public sealed class LaunchReaderTests
{
    [Theory]
    [InlineData("""["/app", "--port", "1"]""", """{ "metadata": {}, "command": ["/app"], "args": ["--port", "1"] }""", false, false)]
    [InlineData("""["/app", "--port", "2"]""", """{ "metadata": {}, "command": ["/app"], "args": ["--port", "1"] }""", false, true)]
    [InlineData("""["/entry", "--port", "1"]""", """{ "metadata": {}, "args": ["--port", "1"] }""", true, false)]
    [InlineData("""["/entry", "--port"]""", """{ "metadata": {}, "args": ["--port", "1"] }""", true, true)]
    [InlineData("""["/entry", "of", "image"]""", """{ "metadata": {} }""", true, false)]
    public void T_I4_what_runs_is_the_requests_or_the_images_or_neither(string runs, string config, bool fromImage, bool replaced)
    {
        var launch = Read($$"""{ "args": {{runs}} }""", config);

        Assert.Equal((fromImage, replaced), (launch.FromImage!.Value, launch.Replaced));
    }

    [Fact]
    public void T_I4_variables_are_told_by_name_and_never_by_value()
    {
        var launch = Read(
            """{ "args": ["/app", "--password=swordfish"], "env": ["PATH=/bin", "TOKEN=swordfish", "A=1", "A=2", "EMPTY="] }""",
            """{ "metadata": {}, "envs": [{ "key": "A", "value": "2" }, { "key": "TOKEN", "value": "other" }, { "key": "EMPTY" }] }""");

        Assert.Equal<string>(["PATH"], launch.Environment);
        Assert.Equal<string>(["TOKEN"], launch.Overridden);
        Assert.Equal(("/app", 1), (launch.Executable, launch.Arguments));
        Assert.DoesNotContain("swordfish", JsonSerializer.Serialize(launch), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_request_that_the_runtime_does_not_keep_nothing_is_said()
    {
        var launch = Read("""{ "args": ["/app"], "env": ["A=1"] }""", "null");

        Assert.Null(launch.FromImage);
        Assert.Empty(launch.Environment);
    }

    private static Launch Read(string process, string config) => StartReader.Read(
        new ContainerStatusResponse { Info = { ["info"] = $$"""{ "config": {{config}}, "runtimeSpec": { "process": {{process}}, "linux": {} } }""" } },
        new SandboxFacts { Pod = new PodIdentity("", "", "") }).Spec!.Launch;
}
