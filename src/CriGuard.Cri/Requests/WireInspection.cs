using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;
using Google.Protobuf.Reflection;

namespace CriGuard.Cri.Requests;

/// <summary>
/// Looks at a request's bytes for what the parsed form hides: fields sent twice, of which readers may keep another one (T-C7), values
/// that no enum has, and fields that we cannot judge inside messages that decide on confinement (P3).
/// </summary>
internal sealed class WireInspection
{
    /// <summary>Findings kept of one request: enough to see what is going on, and no lever on our memory.</summary>
    private const int MostAnomalies = 32;

    private readonly ImmutableArray<Anomaly>.Builder _anomalies = ImmutableArray.CreateBuilder<Anomaly>();
    private readonly List<string> _path = [];
    private readonly MessageDescriptor _root;

    private WireInspection(MessageDescriptor root) => _root = root;

    public ImmutableArray<Anomaly> Anomalies => _anomalies.ToImmutable();

    /// <summary>True where two readers may understand the bytes differently: the parsed form has to be sent instead.</summary>
    public bool Ambiguous { get; private set; }

    /// <summary>False where the bytes are malformed, or hold text that is not UTF-8, which proto3 readers reject and older ones let pass.</summary>
    public static bool TryInspect(MessageDescriptor root, ReadOnlySpan<byte> message, out WireInspection inspection)
    {
        inspection = new WireInspection(root);
        return inspection.Walk(root, message);
    }

    private bool Walk(MessageDescriptor type, ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        ulong seen = 0;
        HashSet<(int, string)>? keys = null;
        while (reader.TryRead(out var field))
        {
            if (type.FindFieldByNumber(field.Number) is not { } known || !Fits(known, field.Type))
            {
                ReportUnknown(type, field.Number);
                continue;
            }

            _path.Add(known.Name);
            if (!known.IsRepeated && !Unseen(field.Number, ref seen))
                Report("sent more than once; the request goes on with the last value, or the merged one", ambiguous: true);
            if (known.IsMap && !(keys ??= []).Add((field.Number, Key(field.Content))))
                Report("has a key more than once; the request goes on with the last value", ambiguous: true);
            if (!WalkValue(known, field))
                return false;
            _path.RemoveAt(_path.Count - 1);
        }

        return !reader.Malformed;
    }

    private bool WalkValue(FieldDescriptor known, WireField field)
    {
        switch (known.FieldType)
        {
            case FieldType.Message:
                return Walk(known.MessageType, field.Content);
            case FieldType.String:
                return Utf8.IsValid(field.Content);
            case FieldType.Enum when known.EnumType.FindValueByNumber(unchecked((int)field.Varint)) is null:
                var value = unchecked((int)field.Varint).ToString(CultureInfo.InvariantCulture);
                Report($"has the value `{value}`, which `{known.EnumType.Name}` does not have: read as the weakest one");
                return true;
            default:
                return true;
        }
    }

    private void ReportUnknown(MessageDescriptor type, int number)
    {
        // The messages of these two files are complete, and so are the requests themselves; elsewhere the slice leaves fields out on purpose.
        if (type.File == SecurityReflection.Descriptor || type.File == NodeReflection.Descriptor || type == _root)
            Report($"`{type.Name}` has field `{number.ToString(CultureInfo.InvariantCulture)}`, which is not known and was not judged");
    }

    private void Report(string message, bool ambiguous = false)
    {
        Ambiguous |= ambiguous;
        if (_anomalies.Count < MostAnomalies)
            _anomalies.Add(new Anomaly(string.Join('.', _path), message));
    }

    private static bool Unseen(int number, ref ulong seen)
    {
        var bit = 1UL << number;
        var unseen = (seen & bit) == 0;
        seen |= bit;
        return unseen;
    }

    private static string Key(ReadOnlySpan<byte> entry)
    {
        var reader = new WireReader(entry);
        var key = "";
        while (reader.TryRead(out var field))
        {
            if (field is { Number: 1, Type: WireType.Length })
                key = Encoding.UTF8.GetString(field.Content);
        }

        return key;
    }

    // For the kinds of fields that the slice has. Repeated numbers come packed or one by one, and readers take both.
    private static bool Fits(FieldDescriptor field, WireType type) => field.FieldType switch
    {
        FieldType.Message or FieldType.String => type == WireType.Length,
        _ when field.IsRepeated => type is WireType.Length or WireType.Varint,
        _ => type == WireType.Varint,
    };
}
