using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CriGuard.Store.Configuration;

/// <summary>A configuration file: one YAML mapping of plain keys to plain values, each with its line.</summary>
public sealed class ConfigurationFile
{
    /// <summary>Bytes that a configuration file may have.</summary>
    public const int MaxSize = 64 * 1024;

    private readonly Dictionary<string, Setting> _settings = [];

    private ConfigurationFile(string path) => Path = path;

    public string Path { get; }

    public IEnumerable<string> Keys => _settings.Keys;

    /// <summary>Reads the file; every fault it has is added to <paramref name="errors"/> as `path:line: …`.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ConfigurationFile Read(string path, ICollection<string> errors)
    {
        var file = new ConfigurationFile(path);
        if (new FileInfo(path).Length > MaxSize)
        {
            errors.Add($"{path}: has more than {MaxSize} bytes: it is no configuration file");
            return file;
        }
        try
        {
            using var reader = new StreamReader(path);
            file.Parse(new Parser(reader), errors);
        }
        catch (YamlException e)
        {
            errors.Add($"{path}:{e.Start.Line}: is not valid YAML: {e.Message}");
        }
        return file;
    }

    public string? this[string key] => _settings.GetValueOrDefault(key)?.Value;

    /// <summary>Where a key stands, as `path:line`, for messages about its value.</summary>
    public string Place(string key) => $"{Path}:{_settings[key].Line}";

    private void Parse(Parser parser, ICollection<string> errors)
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
            return;
        parser.Consume<DocumentStart>();
        if (parser.TryConsume<Scalar>(out var only) && only.Value.Length == 0)
            return;
        if (!parser.TryConsume<MappingStart>(out _))
        {
            errors.Add($"{Path}:1: is not a mapping: write `key: value` lines");
            return;
        }
        while (!parser.TryConsume<MappingEnd>(out _))
            ReadSetting(parser, errors);
    }

    private void ReadSetting(Parser parser, ICollection<string> errors)
    {
        var key = parser.Consume<Scalar>();
        if (!parser.TryConsume<Scalar>(out var value))
        {
            errors.Add($"{Path}:{key.Start.Line}: `{key.Value}` takes one plain value");
            parser.SkipThisAndNestedEvents();
        }
        else if (!_settings.TryAdd(key.Value, new Setting(value.Value, key.Start.Line)))
        {
            errors.Add($"{Path}:{key.Start.Line}: `{key.Value}` is given a second time");
        }
    }

    private sealed record Setting(string Value, long Line);
}
