using System.Collections.Immutable;
using System.Text.Json;
using CriGuard.Core.Workloads;

namespace CriGuard.Cri.Facts;

/// <summary>Compares what a container runs with what the request says of it; words of commands and values of variables go no further than here.</summary>
internal static class LaunchReader
{
    private const int LongestName = 256;

    /// <param name="process">`runtimeSpec.process`.</param>
    /// <param name="config">The request as the runtime keeps it; undefined where it keeps none.</param>
    public static Launch Read(JsonElement process, JsonElement config)
    {
        List<string> runs = [.. Texts(process.At("args"))];
        var launch = new Launch { Executable = Cut(runs.FirstOrDefault("")), Arguments = Math.Max(0, runs.Count - 1) };
        if (!config.IsObject())
            return launch;
        List<string> command = [.. Texts(config.At("command"))], arguments = [.. Texts(config.At("args"))];
        var (set, asked) = (Variables(process.At("env").Items().Select(static v => v.Text())), Asked(config.At("envs")));
        return launch with
        {
            FromImage = command.Count == 0,
            // The image's entry point stands in front of the arguments; its own are taken only where there are none.
            Replaced = command.Count > 0 ? !runs.SequenceEqual([.. command, .. arguments]) : !runs.TakeLast(arguments.Count).SequenceEqual(arguments),
            Environment = Names(set.Keys.Where(name => !asked.ContainsKey(name))),
            Overridden = Names(asked.Where(a => set.GetValueOrDefault(a.Key) != a.Value).Select(static a => a.Key)),
        };
    }

    private static Dictionary<string, string> Asked(JsonElement variables) =>
        Variables(variables.Items().Select(static v => $"{v.At("key").Text()}={v.At("value").Text()}"));

    // Of several with one name the last one counts, as with the runtimes.
    private static Dictionary<string, string> Variables(IEnumerable<string> lines)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            variables[equals < 0 ? line : line[..equals]] = equals < 0 ? "" : line[(equals + 1)..];
        }

        return variables;
    }

    private static ImmutableArray<string> Names(IEnumerable<string> names) => [.. names.Select(Cut).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Texts(JsonElement list) => list.Items().Select(static i => i.Text());

    private static string Cut(string text) => text.Length <= LongestName ? text : text[..LongestName];
}
