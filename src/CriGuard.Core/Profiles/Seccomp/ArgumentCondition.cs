using System.Globalization;
using System.Runtime.InteropServices;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>How an argument is compared; numbers are unsigned.</summary>
public enum Comparison
{
    NotEqual,
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
    MaskedEqual,
}

/// <summary>One condition on one argument of a call.</summary>
/// <param name="Index">Of the argument, 0 to 5.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what; the mask of <see cref="Comparison.MaskedEqual"/>.</param>
/// <param name="Masked">What the masked bits are, for <see cref="Comparison.MaskedEqual"/>; else not used.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ArgumentCondition(int Index, Comparison Comparison, ulong Value, ulong Masked = 0)
{
    /// <summary>Arguments of 32-bit calls have no upper half, and libseccomp leaves out the upper half of what they are compared with.</summary>
    public bool Holds(ulong argument, bool wide)
    {
        var (held, value, masked) = wide ? (argument, Value, Masked) : ((uint)argument, (uint)Value, (uint)Masked);
        return Comparison switch
        {
            Comparison.NotEqual => held != value,
            Comparison.Less => held < value,
            Comparison.LessOrEqual => held <= value,
            Comparison.Equal => held == value,
            Comparison.GreaterOrEqual => held >= value,
            Comparison.Greater => held > value,
            _ => (held & value) == (masked & value),
        };
    }

    /// <summary>True where a 32-bit call would be compared with something else than a 64-bit one: the upper half is left out there.</summary>
    public bool NeedsUpperHalf => Comparison == Comparison.MaskedEqual ? (Value & Masked) > uint.MaxValue : Value > uint.MaxValue;

    /// <summary>True where it holds for every argument: libseccomp then makes no condition of it.</summary>
    internal bool IsEmpty(bool wide) => Comparison == Comparison.MaskedEqual && (wide ? Value == 0 : (uint)Value == 0);

    public override string ToString()
    {
        var (argument, value) = ($"arg{Index.ToString(CultureInfo.InvariantCulture)}", Number(Value));
        return Comparison switch
        {
            Comparison.NotEqual => $"{argument} != {value}",
            Comparison.Less => $"{argument} < {value}",
            Comparison.LessOrEqual => $"{argument} <= {value}",
            Comparison.Equal => $"{argument} == {value}",
            Comparison.GreaterOrEqual => $"{argument} >= {value}",
            Comparison.Greater => $"{argument} > {value}",
            _ => $"{argument} & {value} == {Number(Masked)}",
        };
    }

    private static string Number(ulong value) =>
        value < 1000 ? value.ToString(CultureInfo.InvariantCulture) : $"0x{value.ToString("x", CultureInfo.InvariantCulture)}";
}
