namespace CriGuard.Load;

/// <summary>Memory of a proxy when it had just begun to listen, and at rest after the whole run.</summary>
internal sealed record Footprint(string Name, Memory AtStart, Memory AtEnd);
