using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CriGuard.Core.Events;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Workloads;
using CriGuard.Store.Profiles;

namespace CriGuard.Golden;

/// <summary>`node.json` of a case: what the node offers and knows. Nothing is known of it where there is no such file.</summary>
internal sealed class GoldenNode
{
    public const string File = "node.json";

    private static readonly string[] Keys = ["appArmorProfiles", "runtimeHandlers", "now", "caller", "devices", "paths", "images", "hostPaths", "pathNames", "namespaces", "accounted", "seccompFiles"];

    private readonly JsonObject _root;
    /// <summary>By the path as it is sent.</summary>
    public ImmutableDictionary<string, HostTarget> Targets { get; }


    /// <exception cref="GoldenCaseException">The text is no map of these keys.</exception>
    public GoldenNode(string? json)
    {
        var root = json is null ? new JsonObject() : ProtobufJson.Read(json, File) as JsonObject;
        if (root is null || root.Any(static p => !Keys.Contains(p.Key)))
            throw new GoldenCaseException(
                $"`{File}` must be a map of `appArmorProfiles` and `runtimeHandlers`, each a list of names, or left out where unknown or off, `now`, a time, "
                + "`caller`, the path of an executable, `devices`, such as `{ \"/dev/fuse\": \"c 10:229 /dev/fuse\", \"/dev/snd\": \"directory\" }`, `paths`, a list, "
                + "`images`, the node's names for each reference, `hostPaths`, a map of paths to what they lead to, `pathNames`, a map of lists of paths, "
                + "`namespaces`, a map of paths that a spec joins to `node` or `other`, left out where nobody knows, "
                + "`accounted`, the ids of containers whose creation is in the log, and `seccompFiles`, a map of paths to profiles, or to a text that says why they cannot be read");
        _root = root;
        Facts = Read();
        Images = Map("images").ToImmutableDictionary(static i => i.Key, static i => List(i.Value) ?? throw Wrong("images", "a map of lists of names"));
        Targets = Map("hostPaths").ToImmutableDictionary(static p => p.Key, ReadTarget, StringComparer.Ordinal);
    }

    public NodeFacts Facts { get; init; }

    /// <summary>A node as most are; the daemon takes its own kernel and machine.</summary>
    public static SeccompNode Composes { get; } = new("/var/lib/criguard/seccomp", CallArchitecture.X64, new Version(6, 1), new SeccompComposer(static () => ShippedProfiles.Seccomp));

    /// <summary>The node's names of images, by the reference that a request has.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Images { get; }

    /// <summary>The mounts with where they lead: a path that is not in `hostPaths` is a directory that leads nowhere else.</summary>
    public ImmutableArray<MountFacts> Follow(ImmutableArray<MountFacts> mounts) =>
    [
        .. mounts.Select(mount => mount with { Target = Targets.GetValueOrDefault(mount.HostPath) ?? new HostTarget(HostFileKind.Directory, mount.HostPath) }),
    ];

    /// <summary>The spec with where its mounts lead and whose the namespaces are that it joins.</summary>
    public EffectiveSpec Follow(EffectiveSpec spec) => (spec with { Mounts = Follow(spec.Mounts) }).Knowing(kind => Map("namespaces")[spec.NamespacePaths[kind]]?.ToString() switch
    {
        null => null,
        "node" => true,
        "other" => false,
        _ => throw Wrong("namespaces", "a map of paths, each to `node` or `other`"),
    });

    private NodeFacts Read() => new()
    {
        AppArmorProfiles = Names("appArmorProfiles"),
        RuntimeHandlers = Names("runtimeHandlers"),
        Devices = Map("devices").ToImmutableDictionary(static d => d.Key, static d => Device(d.Value?.ToString() ?? "")),
        Paths = Names("paths") ?? [],
        PathNames = Map("pathNames").ToImmutableDictionary(static p => p.Key, static p => List(p.Value) ?? throw Wrong("pathNames", "a map of lists of paths"), StringComparer.Ordinal),
        Seccomp = Composes,
        SeccompFiles = Map("seccompFiles").ToImmutableDictionary(static p => p.Key, static p => Profile(p.Key, p.Value), StringComparer.Ordinal),
        Now = _root["now"] is { } now ? Time(now) : DateTimeOffset.MaxValue,
        Caller = _root["caller"]?.ToString() is { } executable ? new Caller(Pid: 1, Uid: 0, executable) : null,
    };

    /// <summary>`{ "target": "/etc", "kind": "directory", "aliases": [] }`: each left out where it is the path itself, a directory, none.</summary>
    private static HostTarget ReadTarget(KeyValuePair<string, JsonNode?> entry)
    {
        if (entry.Value is not JsonObject target || target.Any(static p => p.Key is not ("target" or "kind" or "aliases" or "problem")))
            throw Wrong("hostPaths", "a map of paths, each to a map of `target`, `kind`, `aliases` and `problem`");
        if (!Enum.TryParse<HostFileKind>(target["kind"]?.ToString() ?? "directory", ignoreCase: true, out var kind))
            throw Wrong("hostPaths", $"given a `kind` of {string.Join(", ", Enum.GetNames<HostFileKind>().Select(static n => $"`{n.ToLowerInvariant()}`"))}");
        return new HostTarget(kind, target["target"]?.ToString() ?? entry.Key)
        {
            Aliases = target["aliases"] is { } aliases ? List(aliases) ?? throw Wrong("hostPaths", "given `aliases` as a list of paths") : [],
            Problem = target["problem"]?.ToString() ?? "",
        };
    }

    /// <exception cref="GoldenCaseException">The value is not what it should be.</exception>
    public ImmutableSortedSet<string>? Accounted() => Names("accounted");

    /// <summary>`c 10:229 /dev/fuse`, where the name may be missing, or `directory`, `file`.</summary>
    private static DeviceNode Device(string text)
    {
        var words = text.Split(' ', 3);
        if (words is ["directory"] or ["file"])
            return new DeviceNode(words[0] == "file" ? DeviceKind.Other : DeviceKind.Directory);
        var number = words is ["c" or "b", _, ..] ? words[1].Split(':') : [];
        if (number.Length == 2 && int.TryParse(number[0], CultureInfo.InvariantCulture, out var major) && int.TryParse(number[1], CultureInfo.InvariantCulture, out var minor))
            return new DeviceNode(words[0] == "b" ? DeviceKind.Block : DeviceKind.Character, major, minor, words.ElementAtOrDefault(2) ?? "");
        throw Wrong("devices", "a map of `c MAJOR:MINOR NAME`, `b …`, `directory` or `file`");
    }

    private static LocalProfile Profile(string path, JsonNode? value)
    {
        if (value is not JsonObject)
            return LocalProfile.Unusable(path, value?.ToString() ?? "there is none");
        var bytes = Encoding.UTF8.GetBytes(value.ToJsonString());
        var reading = SeccompReader.Read(path, bytes);
        return new LocalProfile(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), reading.Profile, string.Join("; ", reading.Errors));
    }

    private static DateTimeOffset Time(JsonNode now) =>
        DateTimeOffset.TryParse(now.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Wrong("now", "a time, such as `2027-01-31T18:00:00Z`");

    private JsonObject Map(string key) => _root[key] switch
    {
        null => [],
        JsonObject map => map,
        _ => throw Wrong(key, "a map"),
    };

    private ImmutableSortedSet<string>? Names(string key) =>
        _root[key] is not { } node ? null : List(node) is { } names ? names.ToImmutableSortedSet(StringComparer.Ordinal) : throw Wrong(key, "a list of names");

    private static ImmutableArray<string>? List(JsonNode? node) =>
        node is JsonArray list && list.All(static n => n?.GetValueKind() == JsonValueKind.String) ? [.. list.Select(static n => n!.GetValue<string>())] : null;

    private static GoldenCaseException Wrong(string key, string what) => new($"`{key}` of `{File}` must be {what}");
}
