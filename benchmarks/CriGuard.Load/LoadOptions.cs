using System.Globalization;

namespace CriGuard.Load;

/// <summary>How much is measured, and whether a broken promise is a failure.</summary>
/// <param name="Rounds">Batches of each call at each endpoint.</param>
/// <param name="Pods">Pod cycles at each endpoint.</param>
/// <param name="Assert">Whether a promise that does not hold ends the run with 1.</param>
internal sealed record LoadOptions(int Rounds, int Pods, bool Assert)
{
    public const string Usage = "usage: [--short] [--rounds N] [--pods N] [--assert]";

    private static readonly LoadOptions Full = new(Rounds: 20, Pods: 40, Assert: false);
    private static readonly LoadOptions Short = new(Rounds: 4, Pods: 5, Assert: false);

    public static bool TryParse(ReadOnlySpan<string> arguments, out LoadOptions options)
    {
        options = Full;
        while (!arguments.IsEmpty)
        {
            int used;
            (options, used) = arguments switch
            {
                ["--short", ..] => (options with { Rounds = Short.Rounds, Pods = Short.Pods }, 1),
                ["--assert", ..] => (options with { Assert = true }, 1),
                ["--rounds", var text, ..] when Count(text) is { } rounds => (options with { Rounds = rounds }, 2),
                ["--pods", var text, ..] when Count(text) is { } pods => (options with { Pods = pods }, 2),
                _ => (options, 0),
            };
            if (used == 0)
                return false;

            arguments = arguments[used..];
        }

        return true;
    }

    private static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 10_000 ? count : null;
}
