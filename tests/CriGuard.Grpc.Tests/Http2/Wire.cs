using System.Text;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

/// <summary>Octets and fields as tests like to read and write them.</summary>
internal static class Wire
{
    /// <summary>Hexadecimal digits; spaces and line ends are for the reader.</summary>
    public static byte[] Octets(string hex) => Convert.FromHexString(string.Concat(hex.Where(c => !char.IsWhiteSpace(c))));

    /// <summary>One field a line, "name: value"; a field that must never be indexed ends in " (never)".</summary>
    public static string Text(HeaderFields fields)
    {
        var text = new StringBuilder();
        for (var i = 0; i < fields.Count; i++)
            text.Append(Line(fields[i])).Append('\n');
        return text.ToString();
    }

    /// <summary>The dynamic table from the newest entry to the oldest, one field a line.</summary>
    public static string Table(HpackDecoder decoder)
    {
        var text = new StringBuilder();
        for (var age = 0; age < decoder.TableCount; age++)
            text.Append(Line(decoder.TableEntry(age))).Append('\n');
        return text.ToString();
    }

    public static string Lines(params string[] fields) => string.Concat(fields.Select(field => field + "\n"));

    public static HeaderFields Fields(params (string Name, string Value)[] fields)
    {
        var list = new HeaderFields();
        foreach (var (name, value) in fields)
            list.Add(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value));
        return list;
    }

    private static string Line(HeaderField field) =>
        $"{Encoding.Latin1.GetString(field.Name)}: {Encoding.Latin1.GetString(field.Value)}{(field.NeverIndexed ? " (never)" : "")}";
}
