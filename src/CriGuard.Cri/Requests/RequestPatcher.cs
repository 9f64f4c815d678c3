using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Cri.Runtime;
using Google.Protobuf;

namespace CriGuard.Cri.Requests;

/// <summary>
/// Writes decided changes into a request. Without any, the bytes go on as they came; else the parsed form is written anew, with every
/// field that this build does not know.
/// </summary>
public static class RequestPatcher
{
    /// <summary>The message to forward.</summary>
    /// <exception cref="ArgumentException">An edit has no place in this request: our own mistake, and no reason to forward it unchanged.</exception>
    public static ReadOnlyMemory<byte> Apply(Received<RunPodSandboxRequest> request, ImmutableArray<Change> changes) =>
        Apply(request, changes, SandboxPatch.Write);

    /// <summary>The message to forward.</summary>
    /// <exception cref="ArgumentException">An edit has no place in this request: our own mistake, and no reason to forward it unchanged.</exception>
    public static ReadOnlyMemory<byte> Apply(Received<CreateContainerRequest> request, ImmutableArray<Change> changes) =>
        Apply(request, changes, ContainerPatch.Write);

    /// <summary>The message to forward: nothing of a start can be changed.</summary>
    public static ReadOnlyMemory<byte> Apply(Received<StartContainerRequest> request) =>
        request.Ambiguous ? request.Message.ToByteArray() : request.Bytes;

    /// <summary>The message to forward; the credentials of a pull go on in it unread.</summary>
    /// <exception cref="ArgumentException">An edit has no place in this request: our own mistake, and no reason to forward it unchanged.</exception>
    public static ReadOnlyMemory<byte> Apply(Received<PullImageRequest> request, ImmutableArray<Change> changes) =>
        Apply(request, changes, PullPatch.Write);

    /// <summary>The message to forward: nothing of what is restored can be changed.</summary>
    public static ReadOnlyMemory<byte> Apply(Received<RestorePodRequest> request) =>
        request.Ambiguous ? request.Message.ToByteArray() : request.Bytes;

    private static ReadOnlyMemory<byte> Apply<T>(Received<T> request, ImmutableArray<Change> changes, Action<T, Edit> write)
        where T : class, IMessage<T>, IDeepCloneable<T>
    {
        if (changes.IsEmpty && !request.Ambiguous)
            return request.Bytes;

        var message = request.Message.Clone();
        foreach (var change in changes)
            write(message, change.Edit);
        return message.ToByteArray();
    }
}
