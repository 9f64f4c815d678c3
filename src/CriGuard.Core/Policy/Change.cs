using System.Collections.Immutable;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>One change of a request, as decided: what the patcher applies and what the event records.</summary>
/// <param name="Rule">Name of the rule that decided it.</param>
/// <param name="Control">What it is about.</param>
/// <param name="Field">Path in the request, in the CRI's names.</param>
/// <param name="Before">Value asked for, for people; `unset` where nothing was sent.</param>
/// <param name="After">Value given, for people.</param>
/// <param name="Edit">The same as data.</param>
public sealed record Change(string Rule, Control Control, string Field, string Before, string After, Edit Edit);

/// <summary>What is written into the request; the patcher knows each kind.</summary>
public abstract record Edit
{
    private Edit()
    {
    }

    /// <summary>The seccomp profile of the container (or of the sandbox's own process), in the new field and the deprecated one.</summary>
    public sealed record Seccomp(SecurityProfile Profile) : Edit
    {
        /// <summary>The file that the profile names, which has to be there before the request goes on; null where it is none of ours.</summary>
        public ComposedSeccomp? File { get; init; }
    }

    /// <summary>The AppArmor profile of the container, in the new field and the deprecated one (T-A1: both must agree).</summary>
    public sealed record AppArmor(SecurityProfile Profile) : Edit;

    /// <summary>The lists that replace those sent: upper-case names without `CAP_` (T-U1); ambient is emptied.</summary>
    public sealed record Capabilities(ImmutableArray<string> Add, ImmutableArray<string> Drop) : Edit;

    /// <summary>`no_new_privs` is set.</summary>
    public sealed record NoNewPrivileges : Edit;

    /// <summary>`readonly_rootfs` is set.</summary>
    public sealed record ReadOnlyRootFilesystem : Edit;

    /// <summary>The list that replaces the one sent.</summary>
    public sealed record MaskedPaths(ImmutableArray<string> Paths) : Edit;

    /// <summary>The list that replaces the one sent.</summary>
    public sealed record ReadonlyPaths(ImmutableArray<string> Paths) : Edit;

    /// <summary>The runtime handler of the sandbox, or the one that an image is pulled for.</summary>
    public sealed record RuntimeHandler(string Handler) : Edit;
}
