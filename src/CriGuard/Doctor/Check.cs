namespace CriGuard.Doctor;

/// <summary>How a check came out, the worst last.</summary>
internal enum CheckOutcome
{
    Good,

    /// <summary>May be as it should be; somebody who knows the node decides.</summary>
    Warning,

    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>The gate does not hold, or will not for long.</summary>
    Fault,
}

/// <summary>One thing that was looked at on a node.</summary>
/// <param name="Name">What it is about: a word that stays, for monitoring.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Seen">What was seen, as a sentence without its end.</param>
/// <param name="Remedy">What to do; empty where nothing is.</param>
internal sealed record Check(string Name, CheckOutcome Outcome, string Seen, string Remedy)
{
    public static Check Good(string name, string seen) => new(name, CheckOutcome.Good, seen, "");

    public static Check Warning(string name, string seen, string remedy) => new(name, CheckOutcome.Warning, seen, remedy);

    public static Check Unknown(string name, string seen, string remedy) => new(name, CheckOutcome.Unknown, seen, remedy);

    public static Check Fault(string name, string seen, string remedy) => new(name, CheckOutcome.Fault, seen, remedy);
}
