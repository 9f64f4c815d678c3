namespace CriGuard.Fuzz;

/// <summary>Runs a target on mutated inputs until it breaks or the runs are over; the same seed gives the same inputs.</summary>
internal static class Campaign
{
    private const int MaxPool = 512;

    /// <summary>
    /// The first crash, or null; <paramref name="taken"/> counts the inputs that the target accepted: none says that it only ever looks at
    /// the door. Run 0 stands for the seeds as they are.
    /// </summary>
    public static Crash? Run(Target target, long runs, int seed, out long taken)
    {
        taken = 0;
        foreach (var input in target.Seeds)
        {
            if (Try(target, seed, 0, input, out _) is { } crash)
                return crash;
        }

        var mutator = new Mutator(seed);
        var pool = new List<byte[]>(target.Seeds);
        for (var run = 1L; run <= runs; run++)
        {
            var input = mutator.Mutate(pool, target.Seeds.Length);
            if (Try(target, seed, run, input, out var accepted) is { } crash)
                return crash;
            if (!accepted)
                continue;
            taken++;
            Keep(pool, input, target.Seeds.Length, run);
        }

        return null;
    }

    public static Crash? Replay(Target target, byte[] input) => Try(target, 0, 0, input, out _);

    private static Crash? Try(Target target, int seed, long run, byte[] input, out bool accepted)
    {
        accepted = false;
        try
        {
            accepted = target.Run(input);
            return null;
        }
#pragma warning disable CA1031 // Whatever is thrown is what we look for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new Crash(target.Name, seed, run, input, exception);
        }
    }

    // Accepted inputs take turns in the pool; the seeds stay.
    private static void Keep(List<byte[]> pool, byte[] input, int seeds, long run)
    {
        if (pool.Count < MaxPool)
            pool.Add(input);
        else
            pool[seeds + (int)(run % (MaxPool - seeds))] = input;
    }
}
