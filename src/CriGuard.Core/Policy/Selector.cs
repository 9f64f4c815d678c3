using System.Collections.Immutable;

namespace CriGuard.Core.Policy;

/// <summary>A Kubernetes label selector (meta/v1 LabelSelector): every requirement must hold; none holds for everything.</summary>
public sealed record Selector(ImmutableArray<Requirement> Requirements)
{
    public static Selector Everything { get; } = new([]);

    public bool Matches(ImmutableSortedDictionary<string, string> labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Holds(labels))
                return false;
        }

        return true;
    }
}

/// <summary>One requirement of a selector.</summary>
/// <param name="Key">Of the label.</param>
/// <param name="Operator">How its value is compared.</param>
/// <param name="Values">For In and NotIn; empty for the others.</param>
public sealed record Requirement(string Key, SelectorOperator Operator, ImmutableArray<string> Values)
{
    /// <summary>As Kubernetes has it, NotIn holds where the label is not there.</summary>
    public bool Holds(ImmutableSortedDictionary<string, string> labels)
    {
        var there = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            SelectorOperator.In => there && Values.Contains(value!),
            SelectorOperator.NotIn => !there || !Values.Contains(value!),
            SelectorOperator.Exists => there,
            _ => !there,
        };
    }
}

/// <summary>Operators of a label selector.</summary>
public enum SelectorOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
}
