using CriGuard.Core.Policy;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using FsCheck;
using Google.Protobuf;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Cri.Tests.Requests;

public sealed class UnknownFieldTests
{
    private static readonly Edit[] ContainerEdits =
    [
        new Edit.Seccomp(SecurityProfile.RuntimeDefault),
        new Edit.AppArmor(SecurityProfile.RuntimeDefault),
        new Edit.Capabilities([], ["ALL"]),
        new Edit.NoNewPrivileges(),
    ];

    [Fact]
    public void Unknown_fields_survive_a_change_of_a_container_at_every_level()
    {
        var message = Messages.CreateContainer(static c =>
        {
            c.Apparmor = new Runtime.SecurityProfile();
            c.NamespaceOptions.UsernsOptions = new UserNamespace { Uids = { new IDMapping { Length = 1 } } };
            c.RunAsUser = new Int64Value { Value = 1 };
            c.SelinuxOptions = new SELinuxOption { Level = "s0" };
        });
        var (bytes, paths) = ExtraFields.Everywhere(message);

        var patched = RequestPatcher.Apply(Messages.Receive<CreateContainerRequest>(bytes), Messages.Changes(ContainerEdits));

        Assert.Contains("/config/linux/security_context/namespace_options/userns_options/uids", paths);
        Assert.Contains("/sandbox_config/linux/security_context/seccomp", paths);
        Assert.Equal(paths.Order(), ExtraFields.In(CreateContainerRequest.Descriptor, patched.ToArray()).Order());
    }

    [Fact]
    public void Unknown_fields_survive_a_change_of_a_sandbox_at_every_level()
    {
        var message = Messages.RunPodSandbox();
        var (bytes, paths) = ExtraFields.Everywhere(message);
        Edit[] edits = [new Edit.RuntimeHandler("runsc"), new Edit.Seccomp(SecurityProfile.RuntimeDefault)];

        var patched = RequestPatcher.Apply(Messages.Receive<RunPodSandboxRequest>(bytes), Messages.Changes(edits));

        Assert.Contains("/config/linux/security_context/namespace_options", paths);
        Assert.Equal(paths.Order(), ExtraFields.In(RunPodSandboxRequest.Descriptor, patched.ToArray()).Order());
    }

    [Fact]
    public void Whatever_a_newer_kubelet_adds_survives_a_change() =>
        Prop.ForAll<PositiveInt[], ulong, byte[]>(static (numbers, varint, content) =>
        {
            var added = Serialise(numbers, varint, content);
            byte[] context = [.. Messages.CreateContainer().Config.Linux.SecurityContext.ToByteArray(), .. added];
            byte[] linux = [.. Nested(2, context), .. added];
            byte[] config = [.. Nested(15, linux), .. added];

            var patched = RequestPatcher.Apply(Messages.Receive<CreateContainerRequest>(Nested(2, config)), Messages.Changes(ContainerEdits));

            var read = CreateContainerRequest.Parser.ParseFrom(patched.Span).Config;
            Assert.Equal(added, UnknownOf(read));
            Assert.Equal(added, UnknownOf(read.Linux));
            Assert.Equal(added, UnknownOf(read.Linux.SecurityContext));
        }).QuickCheckThrowOnFailure();

    // Each number as a varint and as bytes; one that is there again comes right behind, as Google.Protobuf keeps unknown fields.
    private static byte[] Serialise(PositiveInt[] numbers, ulong varint, byte[] content)
    {
        var buffer = new MemoryStream();
        var output = new CodedOutputStream(buffer);
        foreach (var same in numbers.GroupBy(static n => 20 + (n.Get % 100_000)))
        {
            foreach (var _ in same)
            {
                output.WriteTag(same.Key, WireFormat.WireType.Varint);
                output.WriteUInt64(varint);
            }

            foreach (var _ in same)
            {
                output.WriteTag(same.Key, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(content));
            }
        }

        output.Flush();
        return buffer.ToArray();
    }

    // What is left of a message when all that this build knows is taken out.
    private static byte[] UnknownOf(IMessage message)
    {
        var copy = message.Descriptor.Parser.ParseFrom(message.ToByteArray());
        foreach (var field in copy.Descriptor.Fields.InFieldNumberOrder())
            field.Accessor.Clear(copy);
        return copy.ToByteArray();
    }

    private static byte[] Nested(int number, byte[] content)
    {
        var buffer = new MemoryStream();
        var output = new CodedOutputStream(buffer);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
        output.Flush();
        return buffer.ToArray();
    }
}
