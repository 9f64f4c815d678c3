using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>Proves a log as it lies on disk, also while it is being written.</summary>
public static class LogVerifier
{
    /// <summary>Retention may take a segment away while it is being read; each try begins behind it.</summary>
    private const int Tries = 5;

    /// <inheritdoc cref="Verify(string, ProofDemands, CancellationToken)"/>
    public static LogProof Verify(string directory, CancellationToken cancellation = default) => Verify(directory, ProofDemands.None, cancellation);

    /// <param name="directory">The log.</param>
    /// <param name="demands">What it is to prove beside its chain.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="EventLogException">There is no log, or it cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LogProof Verify(string directory, ProofDemands demands, CancellationToken cancellation = default)
    {
        try
        {
            if (!Directory.Exists(directory))
                throw EventLogException.Nowhere(directory);
            var files = new LogDirectory(directory);
            for (var tries = 1; ; tries++)
            {
                try
                {
                    return Verify(files, demands, cancellation);
                }
                catch (FileNotFoundException) when (tries < Tries)
                {
                    // Removed between the listing and the reading.
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e as EventLogException ?? new EventLogException($"event log `{directory}` cannot be read: {e.Message}", e);
        }
    }

    private static LogProof Verify(LogDirectory files, ProofDemands demands, CancellationToken cancellation)
    {
        // The head first: whatever is appended meanwhile stands behind it.
        var head = HeadFile.Read(files.Head);
        var segments = files.Segments();
        if (head is null && segments.Length == 0)
            throw EventLogException.Nowhere(files.Path);
        var proof = new LogProver(files, segments, head ?? ChainPosition.Start, demands).Prove(cancellation);
        return head is null && proof.Ok && !demands.Excerpt ? proof with { Fault = Headless(files) } : proof;
    }

    private static ChainFault Headless(LogDirectory files) => new(
        ChainFaultKind.Truncated, new LinePlace(Path.GetFileName(files.Head), 1), "the head file is missing or unreadable: whether events were cut off the end cannot be told");
}
