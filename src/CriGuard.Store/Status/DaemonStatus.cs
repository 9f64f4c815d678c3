using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CriGuard.Store.Status;

/// <summary>What a running daemon says of itself every few seconds.</summary>
public sealed record DaemonStatus
{
    /// <summary>When it said so, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    public required int Pid { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required string Version { get; init; }

    /// <summary>The socket that the kubelet is pointed to: `unix:///…`.</summary>
    public required string Listen { get; init; }

    public required string Runtime { get; init; }

    /// <summary>File or directory of the policy.</summary>
    public required string Policy { get; init; }

    /// <summary>Of the policy in force.</summary>
    public required string Revision { get; init; }

    /// <summary>When an open bypass ends; null where the policy decides.</summary>
    public DateTimeOffset? BypassedUntil { get; init; }

    public ImmutableArray<ConnectedClient> Clients { get; init; } = [];

    /// <summary>Judged and recorded calls since the start, by what became of them.</summary>
    public CallCounts Calls { get; init; } = new(0, 0, 0);

    /// <summary>Sequence of the last event on disk.</summary>
    public long Sequence { get; init; }
}

/// <summary>A process that is connected to the daemon's socket.</summary>
/// <param name="Pid">Process id; 0 where it is not visible.</param>
/// <param name="Uid">User id.</param>
/// <param name="Executable">Path; empty where it could not be read.</param>
/// <param name="Since">When it connected.</param>
public sealed record ConnectedClient(int Pid, uint Uid, string Executable, DateTimeOffset Since);

/// <summary>Calls by what became of them.</summary>
/// <param name="Permitted">Let through, changed or not.</param>
/// <param name="Refused">By the policy.</param>
/// <param name="Undecided">Refused because they could not be decided or recorded.</param>
public sealed record CallCounts(long Permitted, long Refused, long Undecided);

/// <summary>The names in the file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DaemonStatus))]
public sealed partial class StatusJson : JsonSerializerContext;
