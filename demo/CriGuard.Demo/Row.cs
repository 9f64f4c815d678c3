using CriGuard.TestBed.Pods;

namespace CriGuard.Demo;

/// <summary>One pod of the demo, and all that must hold of it.</summary>
/// <param name="Asked">What the pod asks for, in words.</param>
/// <param name="Pod">The pod, as a kubelet would write it.</param>
/// <param name="Musts">What must hold; each is named in the output if it does not.</param>
internal sealed record Row(string Asked, PodSpec Pod, params IReadOnlyList<Must> Musts);

/// <summary>One expectation: its words, and the test.</summary>
internal sealed record Must(string Claim, Func<Evidence, bool> Holds);
