namespace CriGuard.Cri.Methods;

/// <summary>What is done with a call, by its method alone.</summary>
public enum Treatment
{
    /// <summary>Frames pass through; the message is never parsed.</summary>
    Relay,

    /// <summary>Decided by the policy, changed where it says so, recorded.</summary>
    Judge,

    /// <summary>Enters, ends or resizes a workload: recorded, with the facts of the access.</summary>
    Record,

    /// <summary>Not known, or not understood yet, and by its name it changes something: the policy's `unknownMethods` decides.</summary>
    Unknown,

    /// <summary>No gRPC path at all: no client sends it, and servers differ on what they make of it, so no policy lets it through.</summary>
    Refuse,
}
