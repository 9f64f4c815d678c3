using System.Collections.Immutable;
using CriGuard.Core.Policy;

namespace CriGuard.Output;

/// <summary>What a profile is worth.</summary>
/// <param name="Kind">`seccomp` or `appArmor`.</param>
/// <param name="Errors">What keeps it from being used, or from confining.</param>
internal sealed record WeighedProfile(string Kind, ImmutableArray<PolicyError> Errors)
{
    /// <summary>What need not be as it seems.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Those of the dangerous calls that it lets through.</summary>
    public ImmutableArray<string> Permits { get; init; } = [];

    /// <summary>True where it lets all of them through.</summary>
    public bool DeniesNothing { get; init; }

    public bool IsSound => Errors.IsEmpty && !DeniesNothing;
}

/// <summary>A call that two profiles treat differently, in a few words each.</summary>
internal sealed record DifferentCall(string Call, string One, string Other);

/// <summary>The seccomp profile of a container of a manifest.</summary>
/// <param name="Pod">Its pod.</param>
/// <param name="Container">Its name.</param>
/// <param name="Outcome">`composed`, `refused`, or `none` where nothing is composed.</param>
internal sealed record ComposedProfile(string Pod, string Container, string Outcome)
{
    /// <summary>What it is given instead, where nothing is composed; empty where no rule gives it anything.</summary>
    public string Given { get; init; } = "";

    /// <summary>Name of the file; empty where nothing is composed.</summary>
    public string File { get; init; } = "";

    /// <summary>How many calls it names.</summary>
    public int Calls { get; init; }

    /// <summary>Those of the dangerous calls that it lets through.</summary>
    public ImmutableArray<string> Permits { get; init; } = [];

    /// <summary>Calls that are denied because their conditions do not fit into one filter.</summary>
    public ImmutableArray<string> TooFine { get; init; } = [];
}
