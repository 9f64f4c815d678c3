using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Methods;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using Google.Protobuf;

namespace CriGuard.Cri.Facts;

/// <summary>Facts of a call that enters, ends or resizes a workload, or whose meaning is not known.</summary>
public static class AccessReader
{
    /// <param name="path">The call's whole `:path`: an `Exec` of another service is not the CRI's.</param>
    /// <param name="message">Its request; not looked at where the method is not known.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>False where the message is not what the method takes.</returns>
    public static bool TryRead(string path, ReadOnlyMemory<byte> message, [NotNullWhen(true)] out AccessRequest? request)
    {
        var asked = new AccessFacts { Method = path[(path.LastIndexOf('/') + 1)..], Unknown = !IsRecorded(path) };
        request = asked.Unknown ? new AccessRequest(asked, message, Command: null) : ReadRecorded(asked, message);
        return request is not null;
    }

    private static bool IsRecorded(string path) => MethodTable.Known.TryGetValue(path, out var treatment) && treatment == Treatment.Record;

    private static AccessRequest? ReadRecorded(AccessFacts asked, ReadOnlyMemory<byte> message) => asked.Method switch
    {
        "Exec" => Judged<ExecRequest>(
            message, r => CommandReader.Read(asked, r.Cmd) with { ContainerId = r.ContainerId, Tty = r.Tty, Stdin = r.Stdin }, static r => CommandReader.Digest(r.Cmd)),
        "ExecSync" => Judged<ExecSyncRequest>(
            message, r => CommandReader.Read(asked, r.Cmd) with { ContainerId = r.ContainerId }, static r => CommandReader.Digest(r.Cmd)),
        "Attach" => Judged<AttachRequest>(message, r => asked with { ContainerId = r.ContainerId, Tty = r.Tty, Stdin = r.Stdin }),
        "PortForward" => Judged<PortForwardRequest>(message, r => asked with { SandboxId = r.PodSandboxId }),
        "StopContainer" => Ending<StopContainerRequest>(message, r => asked with { ContainerId = r.ContainerId }),
        "RemoveContainer" => Ending<RemoveContainerRequest>(message, r => asked with { ContainerId = r.ContainerId }),
        "StopPodSandbox" => Ending<StopPodSandboxRequest>(message, r => asked with { SandboxId = r.PodSandboxId }),
        "RemovePodSandbox" => Ending<RemovePodSandboxRequest>(message, r => asked with { SandboxId = r.PodSandboxId }),
        "RemoveImage" => Ending<RemoveImageRequest>(message, r => asked with { Image = new ImageFacts(r.Image?.Image ?? "", r.Image?.UserSpecifiedImage ?? "") }),
        "UpdateContainerResources" => Judged<UpdateContainerResourcesRequest>(
            message, r => asked with { ContainerId = r.ContainerId, Update = UpdateReader.Read(r) }),
        "UpdatePodSandboxResources" => Judged<UpdatePodSandboxResourcesRequest>(
            message, r => asked with { SandboxId = r.PodSandboxId, Update = UpdateReader.Read(r) }),
        "CheckpointContainer" => Judged<CheckpointContainerRequest>(
            message, r => asked with { ContainerId = r.ContainerId, CheckpointPath = r.Location }),
        "CheckpointPod" => Judged<CheckpointPodRequest>(
            message, r => asked with { SandboxId = r.PodSandboxId, CheckpointPath = r.OutputPath, CheckpointOptions = r.Options.Keys.ToImmutableSortedSet(StringComparer.Ordinal) }),
        _ => throw new UnreachableException($"`{asked.Method}` is recorded and has no reader"),
    };

    private static AccessRequest? Judged<T>(ReadOnlyMemory<byte> message, Func<T, AccessFacts> read, Func<T, UInt128>? command = null)
        where T : class, IMessage<T>, new()
    {
        if (!Received.TryParse<T>(message, out var received))
            return null;
        var facts = read(received.Message) with { Anomalies = received.Anomalies };
        return new AccessRequest(facts, received.Ambiguous ? received.Message.ToByteArray() : message, command?.Invoke(received.Message));
    }

    // Ends a workload or clears away whatever else it says, so it goes on as it came.
    private static AccessRequest? Ending<T>(ReadOnlyMemory<byte> message, Func<T, AccessFacts> read)
        where T : class, IMessage<T>, new() =>
        Received.TryParseMessage<T>(message.Span, out var parsed) ? new AccessRequest(read(parsed) with { Ends = true }, message, Command: null) : null;
}
