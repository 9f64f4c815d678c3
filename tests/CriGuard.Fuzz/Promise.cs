namespace CriGuard.Fuzz;

/// <summary>Says what code under a target promises.</summary>
internal static class Promise
{
    public static void Keep(bool kept, string promise)
    {
        if (!kept)
            throw new InvalidOperationException($"broken promise: {promise}");
    }
}
