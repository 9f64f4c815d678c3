using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>A device that may be given: by the kernel's name for it, and what may be done with it at most.</summary>
public sealed record DeviceGrant(Glob Path, string Permissions)
{
    public const string Default = "rw";

    /// <summary>`/dev/fuse` or `/dev/fuse:rwm`, as an exception writes it.</summary>
    public static DeviceGrant Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ArePermissions(text[(colon + 1)..]) ? new DeviceGrant(new Glob(text[..colon]), text[(colon + 1)..]) : new DeviceGrant(new Glob(text), Default);
    }

    public static bool ArePermissions(string text) => text.Length > 0 && text.All(static c => c is 'r' or 'w' or 'm') && text.Distinct().Count() == text.Length;

    /// <summary>What is no list of permissions asks for all of them.</summary>
    public bool Covers(string name, string permissions) => Path.Matches(name) && (ArePermissions(permissions) ? permissions : "rwm").All(Permissions.Contains);

    public override string ToString() => $"{Path.Pattern}:{string.Concat(Permissions.Order())}";
}

/// <summary>The devices that a container may be given beyond those that every container has.</summary>
/// <param name="Allow">By path.</param>
/// <param name="Cdi">By CDI name: `vendor.com/class=name`.</param>
/// <param name="CdiAnnotations">Whether annotations alone may ask for CDI devices.</param>
public sealed record DeviceSetting(ImmutableArray<DeviceGrant> Allow, ImmutableArray<Glob> Cdi, bool CdiAnnotations = false)
{
    public static DeviceSetting None { get; } = new([], []);

    /// <summary>The setting with more allowed: a device's path, or a CDI name.</summary>
    public DeviceSetting Allowing(ImmutableArray<string> names) => this with
    {
        Allow = [.. Allow, .. names.Where(static n => !IsCdi(n)).Select(DeviceGrant.Parse)],
        Cdi = [.. Cdi, .. names.Where(IsCdi).Select(static n => new Glob(n))],
    };

    /// <summary>Why an exception cannot allow it; null where it can.</summary>
    public static string? Objection(string name) =>
        IsCdi(name) || IsPath(DeviceGrant.Parse(name).Path.Pattern) ? null : "is no device: write `/dev/name`, `/dev/name:rwm` or `vendor.com/class=name`";

    /// <summary>Below `/dev`, as the kernel names devices.</summary>
    public static bool IsPath(string text) =>
        text.StartsWith("/dev/", StringComparison.Ordinal) && text[1..].Split('/').All(static part => part is not ("" or "." or ".."));

    /// <summary>`vendor/class=name` (container-device-interface, "CDI device names").</summary>
    public static bool IsCdi(string text)
    {
        var (slash, equal) = (text.IndexOf('/', StringComparison.Ordinal), text.IndexOf('=', StringComparison.Ordinal));
        return slash > 0 && equal > slash + 1 && equal < text.Length - 1;
    }

    public bool Allows(string name, string permissions) => Allow.Any(grant => grant.Covers(name, permissions));

    /// <summary>Whether it may be there at all, whatever may be done with it.</summary>
    public bool Names(string name) => Allow.Any(grant => grant.Path.Matches(name));

    public bool AllowsCdi(string name) => Cdi.Any(glob => glob.Matches(name));
}
