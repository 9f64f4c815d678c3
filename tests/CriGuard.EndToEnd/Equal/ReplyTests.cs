using CriGuard.TestBed;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Equal;

/// <summary>The same call made both ways gives the same reply: code, message, bytes and trailers.</summary>
[Collection(BedCollection.Name)]
public sealed class ReplyTests(Bed bed)
{
    [Theory]
    [InlineData("/runtime.v1.RuntimeService/Version")]
    [InlineData("/runtime.v1alpha2.RuntimeService/Version")]
    [InlineData("/runtime.v1.RuntimeService/Status")]
    [InlineData("/runtime.v1.RuntimeService/ListPodSandbox")]
    [InlineData("/runtime.v1.RuntimeService/ListContainers")]
    [InlineData("/runtime.v1.RuntimeService/PodSandboxStatus")]
    [InlineData("/runtime.v1.RuntimeService/ListThingsOfTomorrow")]
    [InlineData("/runtime.v1.ImageService/ListImages")]
    [InlineData("/runtime.v1.ImageService/ImageStatus")]
    [InlineData("/some.other.Service/Method")]
    public async Task An_empty_request_is_answered_alike(string method) => await AssertAlikeAsync(method, []);

    [Theory]
    [InlineData("/runtime.v1.RuntimeService/Version")]
    [InlineData("/runtime.v1.RuntimeService/ListContainers")]
    [InlineData("/runtime.v1.ImageService/ImageFsInfo")]
    public async Task A_relayed_request_that_is_no_message_is_answered_alike(string method) => await AssertAlikeAsync(method, [0xff, 0xff, 0xff]);

    [Fact]
    public async Task A_go_client_of_the_oldest_kubelets_sees_no_difference()
    {
        await using var pod = await (await bed.KubeletAsync(Way.Straight)).RunAsync(PodSpec.Ordinary);

        var straight = await GoClient.RunAsync(bed.Node.RuntimeSocket, parallel: 200);
        var through = await GoClient.RunAsync((await bed.TransparentAsync()).Socket, parallel: 200);

        Assert.Equal(11, straight.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(straight, through);
    }

    private async Task AssertAlikeAsync(string method, byte[] message)
    {
        var kubelet = await bed.KubeletAsync(Way.Straight);
        await using var pod = await kubelet.RunAsync(PodSpec.Ordinary);

        var straight = await kubelet.Channel.CallAsync(method, message);
        var through = await (await bed.KubeletAsync(Way.ThroughCriGuard)).Channel.CallAsync(method, message);

        Assert.Equal(straight.Code, through.Code);
        Assert.Equal(straight.Text, through.Text);
        Assert.Equal(straight.Trailers, through.Trailers);
        Assert.Equal(straight.Messages.Select(Unordered), through.Messages.Select(Unordered));
    }

    // Runtimes list in the order of a map, and write maps so: two replies of one runtime differ in order, but not in what they are made of.
    private static string Unordered(byte[] message) => Convert.ToHexString([.. message.Order()]);
}
