using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CriGuard.Store.Configuration;

/// <summary>The plain values at the top of a KubeletConfiguration (kubelet.config.k8s.io/v1beta1), which are all that concerns a gate. JSON is YAML too.</summary>
public static class KubeletFile
{
    private const int MaxSize = 1024 * 1024;

    /// <summary>Values by key; lists and mappings are left out.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">It is no YAML mapping.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        if (new FileInfo(path).Length > MaxSize)
            throw new InvalidDataException($"`{path}` has more than {MaxSize} bytes: it is no configuration of a kubelet");
        using var text = new StreamReader(path);
        try
        {
            return Read(new Parser(text));
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"`{path}` is no configuration of a kubelet: line {e.Start.Line}: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> Read(Parser parser)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return values;
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>().Value;
            if (parser.TryConsume<Scalar>(out var value))
                values[key] = value.Value;
            else
                parser.SkipThisAndNestedEvents();
        }

        return values;
    }
}
