using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace CriGuard.Cri.Tests.Requests;

/// <summary>Messages with fields that no version of the CRI has, as a newer kubelet would send them.</summary>
internal static class ExtraFields
{
    /// <summary>A number above all that the CRI uses.</summary>
    public const int Number = 1999;

    /// <summary>
    /// Adds the extra field to a serialised message and to every message inside it that this build knows, map entries apart: each with
    /// its own text, the path of the message. Gives the paths.
    /// </summary>
    public static (byte[] Bytes, List<string> Paths) Everywhere(IMessage message)
    {
        var paths = new List<string>();
        return (Write(message.Descriptor, message.ToByteArray(), "", paths), paths);
    }

    /// <summary>The paths of all extra fields in a serialised message.</summary>
    public static List<string> In(MessageDescriptor type, byte[] bytes)
    {
        var paths = new List<string>();
        Collect(type, bytes, paths);
        return paths;
    }

    private static byte[] Write(MessageDescriptor type, byte[] bytes, string path, List<string> paths)
    {
        var buffer = new MemoryStream();
        var output = new CodedOutputStream(buffer);
        Extra(output, path, paths);
        var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            var field = type.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag));
            output.WriteTag(tag);
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint)
                output.WriteInt64(input.ReadInt64());
            else if (field is { FieldType: FieldType.Message, IsMap: false })
                output.WriteBytes(ByteString.CopyFrom(Write(field.MessageType, input.ReadBytes().ToByteArray(), $"{path}/{field.Name}", paths)));
            else
                output.WriteBytes(input.ReadBytes());
        }

        output.Flush();
        return buffer.ToArray();
    }

    private static void Extra(CodedOutputStream output, string path, List<string> paths)
    {
        output.WriteTag(Number, WireFormat.WireType.LengthDelimited);
        output.WriteString(path);
        paths.Add(path);
    }

    private static void Collect(MessageDescriptor type, byte[] bytes, List<string> paths)
    {
        var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            if (number == Number)
                paths.Add(input.ReadString());
            else if (type.FindFieldByNumber(number) is { FieldType: FieldType.Message, IsMap: false } field)
                Collect(field.MessageType, input.ReadBytes().ToByteArray(), paths);
            else
                input.SkipLastField();
        }
    }
}
