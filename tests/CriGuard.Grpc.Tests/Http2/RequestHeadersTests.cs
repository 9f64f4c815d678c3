using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class RequestHeadersTests
{
    private static readonly (string Name, string Value)[] Kubelet =
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/runtime.v1.RuntimeService/Version"),
        (":authority", "/run/containerd/containerd.sock"),
        ("content-type", "application/grpc"),
        ("user-agent", "grpc-go/1.58.3"),
        ("te", "trailers"),
        ("grpc-timeout", "120000m"),
    ];

    [Fact]
    public void What_a_kubelet_sends_is_fine() => Assert.Equal(ErrorCode.NoError, Check(Kubelet));

    [Theory]
    [InlineData("%2Frun%2Fcontainerd%2Fcontainerd.sock")]
    [InlineData("localhost")]
    [InlineData("")]
    public void Any_authority_is_fine(string authority) => Assert.Equal(ErrorCode.NoError, Check(With(":authority", authority)));

    [Theory]
    [InlineData(":method")]
    [InlineData(":scheme")]
    [InlineData(":path")]
    public void A_required_pseudo_header_that_is_missing_empty_or_doubled_is_refused(string name)
    {
        Assert.Equal(ErrorCode.ProtocolError, Check([.. Kubelet.Where(field => field.Name != name)]));
        Assert.Equal(ErrorCode.ProtocolError, Check(With(name, "")));
        Assert.Equal(ErrorCode.ProtocolError, Check([Kubelet.Single(field => field.Name == name), .. Kubelet]));
    }

    [Fact]
    public void A_second_authority_is_refused() => Assert.Equal(ErrorCode.ProtocolError, Check([(":authority", "a"), .. Kubelet]));

    [Fact]
    public void No_authority_is_fine() => Assert.Equal(ErrorCode.NoError, Check([.. Kubelet.Where(field => field.Name != ":authority")]));

    [Theory]
    [InlineData(":status")]
    [InlineData(":protocol")]
    [InlineData(":Path")]
    [InlineData(":")]
    public void An_unknown_pseudo_header_is_refused(string name) => Assert.Equal(ErrorCode.ProtocolError, Check([(name, "x"), .. Kubelet]));

    [Fact]
    public void A_pseudo_header_after_a_field_is_refused() =>
        Assert.Equal(ErrorCode.ProtocolError, Check([Kubelet[0], Kubelet[1], ("te", "trailers"), Kubelet[2]]));

    [Theory]
    [InlineData("runtime.v1.RuntimeService/CreateContainer")] // Go's servers would serve it
    [InlineData("*")]
    [InlineData(" /a")]
    [InlineData("http://localhost/a")]
    public void A_path_without_its_slash_is_refused(string path) => Assert.Equal(ErrorCode.ProtocolError, Check(With(":path", path)));

    [Fact]
    public void Connect_is_refused() => Assert.Equal(ErrorCode.ProtocolError, Check((":method", "CONNECT"), (":authority", "a:1")));

    [Theory]
    [InlineData("connection", "close")]
    [InlineData("proxy-connection", "close")]
    [InlineData("keep-alive", "1")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("upgrade", "h2c")]
    [InlineData("te", "gzip")]
    [InlineData("te", "trailers, gzip")]
    [InlineData("te", "")]
    public void Fields_of_a_connection_are_refused(string name, string value)
    {
        Assert.Equal(ErrorCode.ProtocolError, Check([.. Kubelet, (name, value)]));
        Assert.Equal(ErrorCode.ProtocolError, RequestHeaders.CheckTrailers(Wire.Fields((name, value))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Te")]
    [InlineData("x-A")]
    [InlineData("x y")]
    [InlineData("x:y")]
    [InlineData("x\0")]
    [InlineData("x\u007f")]
    [InlineData("x\u0080")]
    [InlineData("x\u00ff")]
    [InlineData("x\n")]
    public void Octets_that_no_name_has_are_refused(string name)
    {
        Assert.Equal(ErrorCode.ProtocolError, Check([.. Kubelet, (name, "v")]));
        Assert.Equal(ErrorCode.ProtocolError, RequestHeaders.CheckTrailers(Wire.Fields((name, "v"))));
    }

    [Theory]
    [InlineData("a\0")]
    [InlineData("a\rb")]
    [InlineData("a\nb")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("\ta")]
    [InlineData("a\t")]
    [InlineData(" ")]
    public void Octets_that_no_value_has_are_refused(string value)
    {
        Assert.Equal(ErrorCode.ProtocolError, Check([.. Kubelet, ("x", value)]));
        Assert.Equal(ErrorCode.ProtocolError, Check(With(":authority", value)));
        Assert.Equal(ErrorCode.ProtocolError, RequestHeaders.CheckTrailers(Wire.Fields(("x", value))));
    }

    [Theory]
    [InlineData("!#$%&'*+-.^_`|~09az", "a b\tc")]
    [InlineData("x-bin", "")]
    [InlineData("x", "\u00e9\u00ff\u0001")]
    public void Odd_fields_that_the_rfc_allows_are_fine(string name, string value)
    {
        Assert.Equal(ErrorCode.NoError, Check([.. Kubelet, (name, value)]));
        Assert.Equal(ErrorCode.NoError, RequestHeaders.CheckTrailers(Wire.Fields((name, value))));
    }

    [Fact]
    public void Trailers_have_no_pseudo_headers()
    {
        Assert.Equal(ErrorCode.ProtocolError, RequestHeaders.CheckTrailers(Wire.Fields((":path", "/a"))));
        Assert.Equal(ErrorCode.NoError, RequestHeaders.CheckTrailers(new HeaderFields()));
    }

    private static ErrorCode Check(params (string Name, string Value)[] fields) => RequestHeaders.Check(Wire.Fields(fields));

    private static (string Name, string Value)[] With(string name, string value) =>
        [.. Kubelet.Select(field => field.Name == name ? (name, value) : field)];
}
