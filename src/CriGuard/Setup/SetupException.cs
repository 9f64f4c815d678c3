namespace CriGuard.Setup;

/// <summary>The node cannot be set up, or back; the message says why and what to do.</summary>
internal sealed class SetupException : Exception
{
    public SetupException(string message)
        : base(message)
    {
    }

    public SetupException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
