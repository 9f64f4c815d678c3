namespace CriGuard.Daemon.Judging;

/// <summary>A call as far as it is judged: a client's, or one that is only asked about.</summary>
/// <param name="Path">The `:path`: `/runtime.v1.RuntimeService/CreateContainer`.</param>
/// <param name="Message">The request without its prefix.</param>
/// <param name="Cancelled">Ends when nobody waits for the verdict any more.</param>
internal sealed record CallRequest(string Path, ReadOnlyMemory<byte> Message, CancellationToken Cancelled);
