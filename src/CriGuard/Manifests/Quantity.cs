using System.Globalization;

namespace CriGuard.Manifests;

/// <summary>An amount of Kubernetes (apimachinery, resource.Quantity): `100m`, `0.5`, `64Mi`, `1e3`.</summary>
/// <param name="Value">In whole units of what it counts.</param>
internal readonly record struct Quantity(decimal Value)
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
    ];

    /// <summary>Thousandths, rounded up as the kubelet does.</summary>
    public long Milli => Clamped(Value * 1000);

    /// <summary>Rounded up as the kubelet does.</summary>
    public long Whole => Clamped(Value);

    /// <summary>Null where it is none.</summary>
    public static Quantity? Read(string text)
    {
        var (number, factor) = (text, 1m);
        foreach (var (suffix, times) in Suffixes)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            (number, factor) = (text[..^suffix.Length], times);
            break;
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        try
        {
            return decimal.TryParse(number, style, CultureInfo.InvariantCulture, out var value) ? new Quantity(value * factor) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static long Clamped(decimal value) => value >= long.MaxValue ? long.MaxValue : (long)Math.Ceiling(value);
}
