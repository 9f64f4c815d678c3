namespace CriGuard.Daemon;

/// <summary>The daemon cannot start; the message says why and what to do, and is all that a person needs to see.</summary>
internal sealed class StartException : Exception
{
    public StartException(string message)
        : base(message)
    {
    }

    public StartException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
