namespace CriGuard.Output;

/// <summary>What a command ends with.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    public const int Failed = 1;

    /// <summary>Nothing could be decided, for commands whose 1 is an answer.</summary>
    public const int CannotJudge = 2;

    /// <summary>The command line cannot be read.</summary>
    public const int Unreadable = 2;

    /// <summary>Ended by Ctrl-C before it was done: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
