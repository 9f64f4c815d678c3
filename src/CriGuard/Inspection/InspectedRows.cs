using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Workloads;

namespace CriGuard.Inspection;

/// <summary>The rows of a container. What the runtime keeps is the request as decisions left it; what it was before is in the event.</summary>
internal sealed class InspectedRows
{
    private const string None = "-";

    private static readonly string[] Sets = ["bounding", "effective", "permitted", "inheritable", "ambient"];

    private readonly StartFacts _facts;
    private readonly EffectiveSpec _spec;
    private readonly ProcessFacts? _process;
    private readonly EventEntry? _decision;
    private readonly ImmutableArray<InspectedRow>.Builder _rows = ImmutableArray.CreateBuilder<InspectedRow>();

    private InspectedRows(StartFacts facts, EffectiveSpec spec, ProcessFacts? process, EventEntry? decision) =>
        (_facts, _spec, _process, _decision) = (facts, spec, process, decision);

    /// <param name="facts">What the runtime keeps.</param>
    /// <param name="spec">What it starts.</param>
    /// <param name="process">What runs; what the kernel says of one that holds a sandbox is nothing about the container.</param>
    /// <param name="decision">What was decided; null where that is not on record.</param>
    public static ImmutableArray<InspectedRow> Of(StartFacts facts, EffectiveSpec spec, ProcessFacts? process, EventEntry? decision) =>
        new InspectedRows(facts, spec, process is not null && Isolator.Is(process) ? null : process, decision).All(process?.Executable);

    /// <summary>Of a container that the CRI does not list: what the kernel says, and nothing else.</summary>
    public static ImmutableArray<InspectedRow> Of(ProcessFacts process)
    {
        var sets = process.Capabilities;
        ulong[] masks = [sets.Bounding, sets.Effective, sets.Permitted, sets.Inheritable, sets.Ambient];
        return
        [
            Row(Aspect.Seccomp, "seccomp", Mode(process)),
            Row(Aspect.AppArmor, "AppArmor", OrNone(process.AppArmor)),
            .. masks.Select(static (mask, index) => Row(Aspect.Capabilities, $"capabilities: {Sets[index]}", Names(new CapabilitySet(mask)))),
            Row(Aspect.NoNewPrivileges, "no_new_privs", Word(process.NoNewPrivileges)),
            Row(Aspect.User, "user", Number(process.UserId)),
            Row(Aspect.UserNamespace, "id map", Map(process.Users)),
            Row(Aspect.Namespaces, "own namespaces", List(process.Namespaces.Keys.Except(process.NodeNamespaces))),
            Row(Aspect.EntryPoint, "entry point", OrNone(process.Executable)),
        ];

        static InspectedRow Row(Aspect aspect, string name, string kernel) => new(aspect, name, None, None, None, kernel);
    }

    private ImmutableArray<InspectedRow> All(string? executable)
    {
        var asked = _facts.Asked;
        Add(Aspect.Seccomp, "seccomp", Control.Seccomp, asked is null ? null : asked.Seccomp?.ToString() ?? "unset", Filter(_spec), _process is null ? null : Mode(_process));
        Add(Aspect.AppArmor, "AppArmor", Control.AppArmor, asked is null ? null : asked.AppArmor?.ToString() ?? "unset", OrNone(_spec.AppArmorProfile), Or(_process?.AppArmor));
        if (_spec.SeLinuxLabel.Length > 0)
            Add(Aspect.SeLinux, "SELinux", Control.SeLinux, asked is null ? null : OrNone(asked.SeLinux.Type), _spec.SeLinuxLabel, Or(_process?.Label));
        AddCapabilities(asked);
        Add(Aspect.NoNewPrivileges, "no_new_privs", Control.NoNewPrivileges, Word(asked?.NoNewPrivileges), Word(_spec.NoNewPrivileges), Word(_process?.NoNewPrivileges));
        Add(Aspect.User, "user", Control.RunAsUser, asked is null ? null : User(asked.User), User(_spec), _process is null ? null : Number(_process.UserId));
        Add(Aspect.UserNamespace, "id map", Control.UserNamespaces, asked is null ? null : Map(asked.UserNamespace.Users), Map(_spec.UserNamespace.Users), _process is null ? null : Map(_process.Users));
        Add(
            Aspect.Namespaces, "own namespaces", Control.HostNamespaces, asked is null ? null : Modes(_facts.Sandbox.Namespaces, asked.Namespaces),
            List(_spec.OwnNamespaces), _process is null ? null : List(_process.Namespaces.Keys.Except(_process.NodeNamespaces)));
        AddMounts(asked);
        Add(Aspect.Devices, "devices", Control.Devices, asked is null ? null : List(asked.Devices.Select(static d => d.HostPath)), List(_spec.Devices.Select(static d => d.Path)), kernel: null);
        Add(
            Aspect.Masks, "masked, read-only paths", Control.ProcMount, asked is null ? null : $"{asked.MaskedPaths.Length}, {asked.ReadonlyPaths.Length}",
            $"{_spec.MaskedPaths.Count}, {_spec.ReadonlyPaths.Count}", kernel: null);
        Add(Aspect.ReadOnlyRoot, "read-only root", Control.ReadOnlyRootFilesystem, Word(asked?.ReadOnlyRoot), Word(_spec.ReadOnlyRoot), kernel: null);
        Add(Aspect.Cgroup, "cgroup", Control.Resources, _facts.Sandbox.CgroupParent, OrNone(_spec.CgroupsPath), kernel: null);
        if (!_spec.Hooks.IsEmpty)
            Add(Aspect.Hooks, "hooks", Control.Drift, asked is null ? null : "none", List(_spec.Hooks), kernel: null);
        var launch = _spec.Launch;
        Add(
            Aspect.EntryPoint, "entry point", Control.Drift, launch.FromImage is not { } image ? null : image ? "the image's" : "its own",
            $"{launch.Executable} and {launch.Arguments} arguments", Or(executable));
        return _rows.ToImmutable();
    }

    private void AddCapabilities(ContainerFacts? asked)
    {
        var request = asked is null ? null : asked.Privileged ? "all: privileged" : Request(asked.Capabilities);
        var held = _process?.Capabilities;
        ulong?[] masks = [held?.Bounding, held?.Effective, held?.Permitted, held?.Inheritable, held?.Ambient];
        foreach (var (index, (name, set)) in _spec.Sets.ByName().Index())
            Add(Aspect.Capabilities, $"capabilities: {Sets[index]}", Control.Capabilities, index == 0 ? request : null, Names(CapabilitySet.Of([.. set])), masks[index] is { } mask ? Names(new CapabilitySet(mask)) : null);
    }

    private void AddMounts(ContainerFacts? asked)
    {
        var paths = _spec.Mounts.Concat(asked?.Mounts ?? []).Select(static m => NodePath.Clean(m.ContainerPath)).Distinct(StringComparer.Ordinal);
        foreach (var path in paths.Order(StringComparer.Ordinal))
            Add(Aspect.Mounts, $"mount {path}", Control.Mounts, asked is null ? null : Mount(asked.Mounts, path), Mount(_spec.Mounts, path), kernel: null);
        foreach (var mount in _spec.KernelMounts.Where(static m => m.Type is "sysfs" or "cgroup" or "cgroup2"))
            Add(Aspect.Mounts, $"mount {mount.ContainerPath}", Control.Mounts, kept: null, $"{mount.Type}, {(mount.ReadOnly ? "ro" : "rw")}", kernel: null);
    }

    /// <param name="aspect">What it is about.</param>
    /// <param name="name">For people.</param>
    /// <param name="control">Whose changes are of it.</param>
    /// <param name="kept">The request as the runtime keeps it; null where it does not.</param>
    /// <param name="spec">The runtime's spec.</param>
    /// <param name="kernel">The process; null where there is none, or the kernel is not asked.</param>
    private void Add(Aspect aspect, string name, Control control, string? kept, string spec, string? kernel)
    {
        var changes = _decision is null || (aspect == Aspect.Capabilities && kept is null) ? [] : _decision.Changes.Where(c => c.Control == control.Name()).ToList();
        var asked = changes is [var change] ? Said(change.Before) : kept ?? None;
        var decided = _decision is null ? None : changes is [var made] ? Said(made.After) : kept ?? None;
        _rows.Add(new InspectedRow(aspect, name, asked, decided, spec, kernel ?? None));
    }

    private static string Said(string value) => value switch
    {
        "true" => Word(true),
        "false" => Word(false),
        _ => value,
    };

    private static string Filter(EffectiveSpec spec) =>
        spec.SeccompDefaultAction is { } action ? $"{action}, {spec.Filter?.Rules.Count ?? 0} rules" : "none";

    private static string Mode(ProcessFacts process) => process.SeccompMode switch
    {
        0 => "off",
        1 => "strict",
        _ => process.SeccompFilters is var filters and > 1 ? $"{filters} filters" : "1 filter",
    };

    private static string Request(CapabilityRequest request)
    {
        (string Key, ImmutableArray<string> Names)[] lists = [("add", request.Add), ("drop", request.Drop), ("ambient", request.AddAmbient)];
        return OrUnset(string.Join("; ", lists.Where(static l => !l.Names.IsEmpty).Select(static l => $"{l.Key} {string.Join(' ', l.Names)}")));
    }

    private static string Names(CapabilitySet set)
    {
        var known = set & CapabilitySet.All;
        if (known == CapabilitySet.All)
            return "all";
        if (!known.IsEmpty && CapabilitySet.RuntimeDefault.Except(known).IsEmpty)
            return string.Join(' ', ((string[])["default"]).Concat(known.Except(CapabilitySet.RuntimeDefault).Names()));
        return List(known.Names());
    }

    private static string User(UserRequest user) => OrUnset((user.Id, user.Name) switch
    {
        ({ } id, _) => user.Group is { } group ? $"{Number(id)}:{Number(group)}" : Number(id),
        (null, var name) => name,
    });

    private static string User(EffectiveSpec spec) => $"{Number(spec.UserId)}:{Number(spec.GroupId)}";

    private static string Map(ImmutableArray<IdMapping> map) =>
        map.IsEmpty || map is [{ Host: 0, Container: 0, Length: uint.MaxValue }] ? "the node's" : string.Join(", ", map.Select(static m => string.Create(CultureInfo.InvariantCulture, $"{m.Container} {m.Host} {m.Length}")));

    private static string Modes(NamespaceModes pod, NamespaceModes container) =>
        string.Create(CultureInfo.InvariantCulture, $"network {pod.Network}, pid {container.Pid}, ipc {container.Ipc}").ToLowerInvariant();

    private static string Mount(ImmutableArray<MountFacts> mounts, string path) =>
        mounts.LastOrDefault(m => NodePath.Clean(m.ContainerPath) == path) is { } mount ? $"{(mount.IsImage ? "an image" : mount.HostPath)}, {(mount.ReadOnly ? "ro" : "rw")}" : "none";

    private static string List(IEnumerable<string> items) => OrNone(string.Join(' ', items));

    private static string OrNone(string text) => text.Length == 0 ? "none" : text;

    private static string OrUnset(string text) => text.Length == 0 ? "unset" : text;

    private static string? Or(string? text) => text is null ? null : OrNone(text);

    private static string? Word(bool? value) => value is { } set ? Word(set) : null;

    private static string Word(bool value) => value ? "on" : "off";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
