using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CriGuard.Store.Configuration;

/// <summary>Reads and sets one top-level key of a YAML file that belongs to somebody else: every other byte of it stays, comments too.</summary>
public static class YamlEdit
{
    /// <summary>The plain value of the key; null where the key is not there, or has no plain value.</summary>
    /// <exception cref="InvalidDataException">It is no YAML mapping.</exception>
    public static string? Get(string text, string key) => Find(text, key, out _) is { } value ? value.Value : null;

    /// <summary>The text with the key set: in its place where it is there, else in a line of its own at the end.</summary>
    /// <exception cref="InvalidDataException">It is no YAML mapping, or the value is no plain one.</exception>
    public static string Set(string text, string key, string value)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = Find(text, key, out var place);
        if (found is not null)
            return $"{text[..(int)found.Start.Index]}{(found.Value.Length == 0 && text[(int)found.Start.Index - 1] == ':' ? " " : "")}{value}{text[(int)found.End.Index..]}";
        if (place < 0)
            throw new InvalidDataException($"it is written in braces or ends with a further document: write `{key}: {value}` into it by hand");
        string before = text[..place];
        return $"{before}{(before.Length == 0 || before.EndsWith('\n') ? "" : "\n")}{key}: {value}\n{text[place..]}";
    }

    /// <param name="text">Of the file.</param>
    /// <param name="key">To look for.</param>
    /// <param name="end">Where a further line may stand; -1 where none may.</param>
    private static Scalar? Find(string text, string key, out int end)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            end = text.Length;
            if (parser.Accept<StreamEnd>(out _))
                return null;
            parser.Consume<DocumentStart>();
            if (parser.TryConsume<Scalar>(out var only) && only.Value.Length == 0)
                return null;
            if (!parser.TryConsume<MappingStart>(out var mapping))
                throw new InvalidDataException("it is no YAML mapping");
            if (mapping.Style is MappingStyle.Flow)
                end = -1;
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                bool isIt = parser.TryConsume<Scalar>(out var name) && name.Value == key;
                if (name is null)
                    parser.SkipThisAndNestedEvents();
                if (isIt)
                    return parser.TryConsume<Scalar>(out var value) ? value : throw new InvalidDataException($"`{key}` has no plain value");
                parser.SkipThisAndNestedEvents();
            }

            if (!parser.Consume<DocumentEnd>().IsImplicit || !parser.Accept<StreamEnd>(out _))
                end = -1;
            return null;
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"line {e.Start.Line}: not valid YAML: {e.Message.TrimEnd('.').ToLowerInvariant()}", e);
        }
    }
}
