using System.Collections.Immutable;

namespace CriGuard.Core.Policy;

/// <summary>What is to be known of each control that a document can name: a row for each key of a rule.</summary>
/// <param name="Control">The control.</param>
/// <param name="IsDemanded">Whether a rule demands something of it.</param>
/// <param name="Lift">The rule without that demand.</param>
internal sealed record ControlRow(Control Control, Func<Rule, bool> IsDemanded, Func<Rule, Rule> Lift)
{
    /// <summary>True where the demand can only be kept with the effective spec of a container at hand.</summary>
    public bool NeedsSpec { get; init; }

    /// <summary>True where it is decided when the sandbox is run, before any image or container is named.</summary>
    public bool OfSandbox { get; init; }

    /// <summary>True where it is about calls that enter, resize or checkpoint what runs already.</summary>
    public bool OfAccess { get; init; }

    /// <summary>The rule with more allowed; null where an exception can only lift the control as a whole.</summary>
    public Func<Rule, ImmutableArray<string>, Rule>? Allow { get; init; }

    /// <summary>Why a value cannot be allowed; null where it can.</summary>
    public Func<string, string?> Objection { get; init; } = static _ => null;
}

/// <summary>The rows.</summary>
internal static class ControlTable
{
    public static ImmutableArray<ControlRow> Rows { get; } =
    [
        new(Control.Seccomp, static r => Controls.SeccompDemand.Of(r) is not null, static r => r with { Seccomp = null, SeccompBase = null }) { NeedsSpec = true },
        new(Control.AppArmor, static r => r.AppArmor is not null, static r => r with { AppArmor = null, AppArmorOfPrivileged = null, RefusesWithoutAppArmor = false })
        {
            NeedsSpec = true,
        },
        new(Control.Capabilities, static r => r.Capabilities is not null, static r => r with { Capabilities = null })
        {
            NeedsSpec = true,
            Allow = static (r, names) => r with { Capabilities = r.Capabilities!.Allowing(names) },
            Objection = static name => Controls.CapabilitySetting.Objection(name),
        },
        new(Control.Privileged, static r => r.DeniesPrivileged, static r => r with { DeniesPrivileged = false }) { NeedsSpec = true, OfSandbox = true },
        new(Control.HostNamespaces, static r => r.HostNamespaces is not null, static r => r with { HostNamespaces = null }) { NeedsSpec = true, OfSandbox = true },
        new(Control.NoNewPrivileges, static r => r.RequiresNoNewPrivileges, static r => r with { RequiresNoNewPrivileges = false, RefusesWithoutNoNewPrivileges = false })
        {
            NeedsSpec = true,
        },
        new(Control.Sandbox, static r => r.Sandbox is not null, static r => r with { Sandbox = null }) { OfSandbox = true },
        new(Control.HostPaths, static r => r.HostPaths is not null, static r => r with { HostPaths = null })
        {
            NeedsSpec = true,
            Allow = static (r, paths) => r with { HostPaths = r.HostPaths!.Allowing(paths) },
            Objection = static path => Controls.HostPathsSetting.Objection(path),
        },
        new(Control.Volumes, static r => r.Volumes is not null, static r => r with { Volumes = null })
        {
            NeedsSpec = true,
            Allow = static (r, types) => r with { Volumes = r.Volumes!.Allowing(types) },
            Objection = static type => Controls.VolumesSetting.Objection(type),
        },
        new(Control.Mounts, static r => r.Mounts is not null, static r => r with { Mounts = null }) { NeedsSpec = true },
        new(Control.RunAsUser, static r => r.RunAsUser is not null, static r => r with { RunAsUser = null })
        {
            NeedsSpec = true,
            Allow = static (r, users) => r with { RunAsUser = r.RunAsUser!.Allowing(users) },
            Objection = Controls.IdRange.Objection,
        },
        new(Control.Groups, static r => r.Groups is not null, static r => r with { Groups = null })
        {
            NeedsSpec = true,
            Allow = static (r, groups) => r with { Groups = r.Groups!.Allowing(groups) },
            Objection = Controls.IdRange.Objection,
        },
        new(Control.SeLinux, static r => r.SeLinux is not null, static r => r with { SeLinux = null })
        {
            NeedsSpec = true,
            OfSandbox = true,
            Allow = static (r, types) => r with { SeLinux = r.SeLinux!.Allowing(types) },
        },
        new(Control.ReadOnlyRootFilesystem, static r => r.RequiresReadOnlyRoot, static r => r with { RequiresReadOnlyRoot = false }) { NeedsSpec = true },
        new(Control.ProcMount, static r => r.ProcMount is not null, static r => r with { ProcMount = null }) { NeedsSpec = true },
        new(Control.Sysctls, static r => r.Sysctls is not null, static r => r with { Sysctls = null })
        {
            OfSandbox = true,
            Allow = static (r, names) => r with { Sysctls = r.Sysctls!.Allowing(names) },
        },
        new(Control.HostPorts, static r => r.HostPorts is not null, static r => r with { HostPorts = null })
        {
            OfSandbox = true,
            Allow = static (r, ports) => r with { HostPorts = r.HostPorts!.Allowing(ports) },
            Objection = Controls.IdRange.Objection,
        },
        new(Control.UserNamespaces, static r => r.RequiresUserNamespace, static r => r with { RequiresUserNamespace = false })
        {
            NeedsSpec = true,
            OfSandbox = true,
        },
        new(Control.HostProcess, static r => r.DeniesHostProcess, static r => r with { DeniesHostProcess = false }) { OfSandbox = true },
        new(Control.Devices, static r => r.Devices is not null, static r => r with { Devices = null })
        {
            NeedsSpec = true,
            Allow = static (r, names) => r with { Devices = r.Devices!.Allowing(names) },
            Objection = static name => Controls.DeviceSetting.Objection(name),
        },
        new(Control.Annotations, static r => r.Annotations is not null, static r => r with { Annotations = null })
        {
            OfSandbox = true,
            Allow = static (r, keys) => r with { Annotations = r.Annotations!.Allowing(keys) },
        },
        new(Control.Images, static r => r.Images is not null, static r => r with { Images = null })
        {
            Allow = static (r, registries) => r with { Images = r.Images!.Allowing(registries) },
            Objection = static registry => Images.ImageSource.Objection(registry),
        },
        new(Control.RuntimeHandlers, static r => r.RuntimeHandlers is not null, static r => r with { RuntimeHandlers = null })
        {
            OfSandbox = true,
            Allow = static (r, names) => r with { RuntimeHandlers = r.RuntimeHandlers!.Allowing(names) },
        },
        new(Control.Resources, static r => r.Resources is not null, static r => r with { Resources = null })
        {
            NeedsSpec = true,
            OfSandbox = true,
            Allow = static (r, files) => r with { Resources = r.Resources!.Allowing(files) },
        },
        new(Control.LateContainers, static r => r.LateContainers is not null, static r => r with { LateContainers = null }),
        new(Control.Drift, static r => r.DeniesDrift, static r => r with { DeniesDrift = false }) { NeedsSpec = true },
        new(Control.Access, static r => r.Access is not null, static r => r with { Access = null })
        {
            OfAccess = true,
            Allow = static (r, keys) => r with { Access = r.Access!.Allowing(keys) },
            Objection = static key => Controls.AccessSetting.Objection(key),
        },
        new(Control.Updates, static r => r.Updates is not null, static r => r with { Updates = null })
        {
            OfAccess = true,
            Allow = static (r, files) => r with { Updates = r.Updates!.Allowing(files) },
            Objection = static file => file.Length == 0 ? "is no file of a cgroup: write a name such as `memory.high`" : null,
        },
        new(Control.Checkpoints, static r => r.Checkpoints is not null, static r => r with { Checkpoints = null })
        {
            OfAccess = true,
            Allow = static (r, paths) => r with { Checkpoints = r.Checkpoints!.Allowing(paths) },
            Objection = static path => Controls.CheckpointsSetting.Objection(path),
        },
    ];

    /// <summary>Null for controls that are built in.</summary>
    public static ControlRow? Find(Control control) => Rows.FirstOrDefault(row => row.Control == control);
}
