namespace CriGuard.Store.Events;

/// <summary>The right to append to a log: two writers would break its chain.</summary>
internal static class LogLock
{
    private const int WouldBlock = 11;

    /// <summary>Takes the lock (flock(2), so a process that dies leaves none behind) until the result is disposed.</summary>
    /// <exception cref="EventLogException">Another process holds it.</exception>
    public static FileStream Take(LogDirectory directory)
    {
        try
        {
            return PrivateFile.Open(directory.Lock, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new EventLogException($"event log `{directory.Path}` is in use by another process: stop it, or give this one a state directory of its own", e);
        }
    }
}
