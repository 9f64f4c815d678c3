using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Methods;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace CriGuard.Cri.Facts;

/// <summary>Facts of a call that enters, ends or resizes a workload, or whose meaning is not known.</summary>
public static class AccessReader
{
    /// <summary>Characters kept of a command's first word.</summary>
    private const int LongestExecutable = 256;

    /// <param name="path">The call's whole `:path`: an `Exec` of another service is not the CRI's.</param>
    /// <param name="message">Its request; not looked at where the method is not known.</param>
    /// <param name="facts">What is asked.</param>
    /// <returns>False where the message is not what the method takes.</returns>
    public static bool TryRead(string path, ReadOnlySpan<byte> message, [NotNullWhen(true)] out AccessFacts? facts)
    {
        var asked = new AccessFacts { Method = path[(path.LastIndexOf('/') + 1)..], Unknown = !IsRecorded(path) };
        facts = asked.Unknown ? asked : ReadRecorded(asked, message);
        return facts is not null;
    }

    private static bool IsRecorded(string path) => MethodTable.Known.TryGetValue(path, out var treatment) && treatment == Treatment.Record;

    private static AccessFacts? ReadRecorded(AccessFacts asked, ReadOnlySpan<byte> message) => asked.Method switch
    {
        "Exec" => Read<ExecRequest>(message, r => Command(asked, r.ContainerId, r.Cmd) with { Tty = r.Tty, Stdin = r.Stdin }),
        "ExecSync" => Read<ExecSyncRequest>(message, r => Command(asked, r.ContainerId, r.Cmd)),
        "Attach" => Read<AttachRequest>(message, r => asked with { ContainerId = r.ContainerId, Tty = r.Tty, Stdin = r.Stdin }),
        "PortForward" => Read<PortForwardRequest>(message, r => asked with { SandboxId = r.PodSandboxId }),
        "StopContainer" => Read<StopContainerRequest>(message, r => asked with { ContainerId = r.ContainerId, Ends = true }),
        "RemoveContainer" => Read<RemoveContainerRequest>(message, r => asked with { ContainerId = r.ContainerId, Ends = true }),
        "StopPodSandbox" => Read<StopPodSandboxRequest>(message, r => asked with { SandboxId = r.PodSandboxId, Ends = true }),
        "RemovePodSandbox" => Read<RemovePodSandboxRequest>(message, r => asked with { SandboxId = r.PodSandboxId, Ends = true }),
        "UpdateContainerResources" => Read<UpdateContainerResourcesRequest>(message, r => asked with { ContainerId = r.ContainerId }),
        "UpdatePodSandboxResources" => Read<UpdatePodSandboxResourcesRequest>(message, r => asked with { SandboxId = r.PodSandboxId }),
        "CheckpointContainer" => Read<CheckpointContainerRequest>(message, r => asked with { ContainerId = r.ContainerId }),
        "CheckpointPod" => Read<CheckpointPodRequest>(message, r => asked with { SandboxId = r.PodSandboxId }),
        _ => throw new UnreachableException($"`{asked.Method}` is recorded and has no reader"),
    };

    private static AccessFacts? Read<T>(ReadOnlySpan<byte> message, Func<T, AccessFacts> read)
        where T : class, IMessage<T>, new() => Received.TryParseMessage<T>(message, out var parsed) ? read(parsed) : null;

    private static AccessFacts Command(AccessFacts asked, string container, RepeatedField<string> words)
    {
        var executable = words.Count > 0 ? words[0] : "";
        return asked with
        {
            ContainerId = container,
            Executable = executable.Length <= LongestExecutable ? executable : executable[..LongestExecutable],
            Arguments = Math.Max(0, words.Count - 1),
        };
    }
}
