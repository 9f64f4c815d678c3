namespace CriGuard.Store.Events;

/// <summary>The event log cannot be opened, or an event is not on disk: whatever depended on it must not go on.</summary>
public sealed class EventLogException : IOException
{
    public EventLogException()
    {
    }

    public EventLogException(string message)
        : base(message)
    {
    }

    public EventLogException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>There is no such directory, or not for this user.</summary>
    public static EventLogException Nowhere(string directory) => new($"there is no event log in `{directory}` that this user may see: name the daemon's state directory, or be root");
}
