using System.Text;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using FsCheck;
using Google.Protobuf;

namespace CriGuard.Cri.Tests.Requests;

public sealed class ReceivedTests
{
    [Fact]
    public void What_a_kubelet_sends_is_neither_odd_nor_ambiguous()
    {
        var container = Messages.Receive(Messages.CreateContainer());
        var sandbox = Messages.Receive(Messages.RunPodSandbox());

        Assert.Empty(container.Anomalies);
        Assert.False(container.Ambiguous);
        Assert.Empty(sandbox.Anomalies);
        Assert.False(sandbox.Ambiguous);
    }

    [Fact]
    public void A_message_field_sent_twice_is_ambiguous_and_named()
    {
        byte[] context = [.. Field(2, Field(15, Field(2, new LinuxContainerSecurityContext { Privileged = true }.ToByteArray())))];

        var request = Messages.Receive<CreateContainerRequest>([.. Messages.CreateContainer().ToByteArray(), .. context]);

        Assert.True(request.Ambiguous);
        Assert.Equal("config", Assert.Single(request.Anomalies).Field);
        Assert.True(request.Message.Config.Linux.SecurityContext.Privileged);
    }

    [Fact]
    public void A_scalar_sent_twice_deep_inside_is_ambiguous_and_named()
    {
        var context = Field(2, [0x10, 0x01, 0x10, 0x00]); // privileged = 1, privileged = 0

        var request = Messages.Receive<CreateContainerRequest>(Field(2, Field(15, context)));

        Assert.True(request.Ambiguous);
        Assert.Equal("config.linux.security_context.privileged", Assert.Single(request.Anomalies).Field);
        Assert.False(request.Message.Config.Linux.SecurityContext.Privileged);
    }

    [Fact]
    public void A_label_sent_twice_is_ambiguous()
    {
        byte[] config = [.. Field(6, Entry("app", "web")), .. Field(6, Entry("tier", "web")), .. Field(6, Entry("app", "db"))];

        var request = Messages.Receive<RunPodSandboxRequest>(Field(1, config));

        Assert.True(request.Ambiguous);
        Assert.Equal("config.labels", Assert.Single(request.Anomalies).Field);
        Assert.Equal("db", request.Message.Config.Labels["app"]);
    }

    [Fact]
    public void The_same_key_in_two_maps_is_nothing_odd()
    {
        var request = Messages.Receive<RunPodSandboxRequest>(Field(1, [.. Field(6, Entry("app", "web")), .. Field(7, Entry("app", "web"))]));

        Assert.False(request.Ambiguous);
        Assert.Empty(request.Anomalies);
    }

    [Theory]
    [InlineData(new byte[] { 0x7a, 0x02, 0x08, 0x07 }, "config.linux.security_context.seccomp.profile_type", "`7`")]
    [InlineData(new byte[] { 0x1a, 0x02, 0x10, 0x09 }, "config.linux.security_context.namespace_options.pid", "`9`")]
    public void A_value_that_no_enum_has_is_odd(byte[] context, string field, string value)
    {
        var anomaly = Assert.Single(Messages.Receive<CreateContainerRequest>(Field(2, Field(15, Field(2, context)))).Anomalies);

        Assert.Equal(field, anomaly.Field);
        Assert.Contains(value, anomaly.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xa0, 0x01, 0x01 }, "config.linux.security_context", "`LinuxContainerSecurityContext` has field `20`")]
    [InlineData(new byte[] { 0x0a, 0x02, 0x20, 0x01 }, "config.linux.security_context.capabilities", "`Capability` has field `4`")]
    [InlineData(new byte[] { 0x1a, 0x02, 0x30, 0x01 }, "config.linux.security_context.namespace_options", "`NamespaceOption` has field `6`")]
    [InlineData(new byte[] { 0x7a, 0x02, 0x18, 0x01 }, "config.linux.security_context.seccomp", "`SecurityProfile` has field `3`")]
    public void An_unknown_field_in_a_message_that_confines_is_odd_and_numbered(byte[] context, string field, string says)
    {
        var request = Messages.Receive<CreateContainerRequest>(Field(2, Field(15, Field(2, context))));

        var anomaly = Assert.Single(request.Anomalies);
        Assert.Equal(field, anomaly.Field);
        Assert.StartsWith(says, anomaly.Message, StringComparison.Ordinal);
        Assert.False(request.Ambiguous);
    }

    [Fact]
    public void A_known_number_with_another_wire_type_is_a_field_that_was_not_judged()
    {
        byte[] privileged = [0x12, 0x01, 0x01];

        var request = Messages.Receive<CreateContainerRequest>(Field(2, Field(15, Field(2, privileged))));

        Assert.StartsWith("`LinuxContainerSecurityContext` has field `2`", Assert.Single(request.Anomalies).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_field_of_the_request_itself_is_odd_and_one_among_the_mounts_is_not()
    {
        Assert.Single(Messages.Receive<RunPodSandboxRequest>([0x18, 0x01]).Anomalies);
        Assert.Empty(Messages.Receive<CreateContainerRequest>(Field(2, Field(7, [0x0a, 0x00]))).Anomalies);
    }

    [Fact]
    public void Numbers_packed_or_one_by_one_are_both_fine()
    {
        byte[] packed = Field(8, [0x01, 0x02]);
        byte[] single = [0x40, 0x01, 0x40, 0x02];

        Assert.Empty(Messages.Receive<CreateContainerRequest>(Field(2, Field(15, Field(2, packed)))).Anomalies);
        Assert.Empty(Messages.Receive<CreateContainerRequest>(Field(2, Field(15, Field(2, single)))).Anomalies);
    }

    [Fact]
    public void A_flood_of_odd_fields_is_told_in_a_bounded_list()
    {
        byte[] flood = [.. Enumerable.Range(0, 10_000).SelectMany(static _ => new byte[] { 0x10, 0x01 })];

        var request = Messages.Receive<CreateContainerRequest>(Field(2, Field(15, Field(2, flood))));

        Assert.True(request.Ambiguous);
        Assert.Equal(32, request.Anomalies.Length);
    }

    [Theory]
    [InlineData(new byte[] { 0x0a, 0x05, 0x00 })]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[] { 0x0f, 0x00 })]
    [InlineData(new byte[] { 0x0c })]
    [InlineData(new byte[] { 0x0b, 0x14 })]
    [InlineData(new byte[] { 0x12, 0x02, 0x66, 0xff })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })]
    public void What_is_no_message_or_no_utf8_is_not_parsed(byte[] bytes)
    {
        Assert.False(Received.TryParse<RunPodSandboxRequest>(bytes, out _));
    }

    [Fact]
    public void Groups_are_skipped_however_they_nest_up_to_the_depth_that_the_parser_takes()
    {
        static IEnumerable<byte> Repeat(byte[] tag, int count) => Enumerable.Repeat(tag, count).SelectMany(static b => b);
        static byte[] Groups(int depth) => [.. Repeat([0xfb, 0x01], depth), .. Repeat([0xfc, 0x01], depth)];

        Assert.True(Received.TryParse<RunPodSandboxRequest>(Groups(50), out _));
        Assert.False(Received.TryParse<RunPodSandboxRequest>(Groups(10_000), out _));
    }

    [Fact]
    public void Junk_is_never_an_exception() => Prop.ForAll<byte[]>(static bytes =>
    {
        Assert.Equal(Received.TryParse<RunPodSandboxRequest>(bytes, out var sandbox), sandbox is not null);
        Assert.Equal(Received.TryParse<CreateContainerRequest>(bytes, out var container), container is not null);
        Assert.Equal(Received.TryParseMessage<ContainerStatusResponse>(bytes, out var status), status is not null);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_request_with_any_byte_changed_or_cut_is_read_or_refused_but_never_an_exception()
    {
        var good = Messages.CreateContainer().ToByteArray();
        Prop.ForAll<int, byte, bool>((at, value, cut) =>
        {
            var index = (int)((uint)at % good.Length);
            byte[] bytes = cut ? good[..index] : [.. good[..index], value, .. good[(index + 1)..]];
            if (Received.TryParse<CreateContainerRequest>(bytes, out var request))
                RequestPatcher.Apply(request, []);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Field_numbers_of_the_slice_fit_into_the_set_of_seen_ones()
    {
        var numbers = new[] { SecurityReflection.Descriptor, SandboxReflection.Descriptor, ContainerReflection.Descriptor }
            .SelectMany(static f => f.MessageTypes).SelectMany(static m => m.Fields.InDeclarationOrder()).Select(static f => f.FieldNumber);
        Assert.All(numbers, static n => Assert.InRange(n, 1, 63));
    }

    private static byte[] Field(int number, byte[] content)
    {
        var buffer = new MemoryStream();
        var output = new CodedOutputStream(buffer);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
        output.Flush();
        return buffer.ToArray();
    }

    private static byte[] Entry(string key, string value) => [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, Encoding.UTF8.GetBytes(value))];
}
