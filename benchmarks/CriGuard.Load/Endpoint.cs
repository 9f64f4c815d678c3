namespace CriGuard.Load;

/// <summary>One way to the runtime.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Socket">Path of the socket that the client dials.</param>
/// <param name="Proxy">What stands in between; null for the runtime itself.</param>
internal sealed record Endpoint(string Name, string Socket, Proxy? Proxy)
{
    public const string Straight = "straight";
    public const string Splice = "splice";
    public const string Relayed = "relayed";
    public const string Lifted = "lifted";
    public const string Judged = "judged";
}
