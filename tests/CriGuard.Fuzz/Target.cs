using CriGuard.Fuzz.Targets;

namespace CriGuard.Fuzz;

/// <summary>A piece of code that must keep its promises on any octets; a broken one is an exception.</summary>
/// <param name="Name">As the command line says it.</param>
/// <param name="Seeds">Inputs to start from, good ones mostly.</param>
/// <param name="Run">Takes one input; true says that it was accepted and is worth mutating further.</param>
internal sealed record Target(string Name, byte[][] Seeds, Func<byte[], bool> Run)
{
    /// <summary>Runs of a campaign at most: for a target that takes its time.</summary>
    public long MostRuns { get; init; } = long.MaxValue;

    public static readonly IReadOnlyList<Target> All =
    [
        FramesTarget.Value,
        HpackTarget.Value,
        HuffmanTarget.Value,
        SettingsTarget.Value,
        RequestHeadersTarget.Value,
        CreateContainerTarget.Value,
        WindowsTarget.Value,
        GrpcFramingTarget.Value,
        CriRequestTarget.Value,
        RelayTarget.Value,
        RuntimeTarget.Value,
        ChannelTarget.Value,
    ];
}
