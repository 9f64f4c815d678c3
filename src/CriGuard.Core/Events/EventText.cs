namespace CriGuard.Core.Events;

/// <summary>How values that tenants choose are kept from filling the log: long ones are cut and say so.</summary>
public static class EventText
{
    /// <summary>UTF-16 units that a value may have.</summary>
    public const int MaxLength = 1024;

    /// <summary>Entries that a list of a line may have: findings, changes, details.</summary>
    public const int MaxEntries = 64;

    /// <summary>The value, or its beginning with the number of units that were cut off.</summary>
    public static string Bounded(string value)
    {
        if (value.Length <= MaxLength)
            return value;
        var end = char.IsHighSurrogate(value[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return $"{value.AsSpan(0, end)}…[{value.Length - end} more]";
    }
}
