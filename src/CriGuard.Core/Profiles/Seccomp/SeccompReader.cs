using System.Collections.Immutable;
using System.Text.Json;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>
/// Reads a profile in the OCI form, and what Docker's form adds to it. Where runtimes read a file differently the stricter reading counts: containerd
/// knows neither `includes` nor `archMap`, CRI-O does. Unknown keys and keys that come twice are errors, since one runtime may know better.
/// </summary>
public static class SeccompReader
{
    /// <summary>Bytes; the largest profiles that are known have 60,000.</summary>
    public const int MaxSize = 1 << 20;

    public const int MaxRules = 4096;
    public const int MaxNames = 1024;
    public const int MaxConditions = 64;

    private static readonly ImmutableArray<string> ProfileKeys =
        ["defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap", "flags", "listenerPath", "listenerMetadata", "syscalls"];

    private static readonly ImmutableArray<string> RuleKeys = ["names", "name", "action", "errnoRet", "errno", "args", "comment", "includes", "excludes"];

    /// <summary>Never fails otherwise than by errors in the result.</summary>
    /// <param name="file">For the places of errors.</param>
    /// <param name="text">The whole file.</param>
    public static SeccompReading Read(string file, ReadOnlySpan<byte> text)
    {
        var errors = new List<PolicyError>();
        if (text.Length > MaxSize)
            return Failed(new PolicyError(new Position(file, 0, 0), $"larger than {MaxSize} bytes: no profile needs that"));
        var profile = JsonTree.Read(file, text, errors) is { } root ? ReadProfile(root, errors) : null;
        return errors.Count == 0 && profile is not null ? new SeccompReading(profile, []) : new SeccompReading(null, [.. errors]);
    }

    private static SeccompReading Failed(PolicyError error) => new(null, [error]);

    private static SeccompProfile? ReadProfile(JsonNode root, List<PolicyError> errors)
    {
        var map = new JsonMap(root, "the profile", ProfileKeys, errors);
        if (map.Action("defaultAction", map.Errno("defaultErrnoRet", "defaultErrno")) is not { } action)
            return null;
        if (action.Kind == SeccompActionKind.Notify)
            map.Fail("defaultAction", "`SCMP_ACT_NOTIFY` cannot be the default action: no runtime starts such a container");
        var rules = map.List("syscalls", MaxRules).Select(item => ReadRule(item, errors)).OfType<SeccompRule>().ToImmutableArray();
        var architectures = map.Words("architectures", "architecture", CallArchitectures.IsKnown);
        return new SeccompProfile(action, architectures, rules)
        {
            Flags = map.Words("flags", "flag", static f => SeccompWords.Flags.Contains(f)),
            HasListener = map.Has("listenerPath"),
        };
    }

    private static SeccompRule? ReadRule(JsonNode item, List<PolicyError> errors)
    {
        var map = new JsonMap(item, "a rule of `syscalls`", RuleKeys, errors);
        var names = map.Words("names", "name of a call", IsName, MaxNames);
        if (map.Text("name") is { } single)
            names = names.Add(single);
        if (names.IsEmpty)
            map.Fail("names", "the rule names no call: fill `names`");
        if (map.Action("action", map.Errno("errnoRet", "errno")) is not { } action)
            return null;
        var conditions = map.List("args", MaxConditions).Select(argument => ReadCondition(argument, errors)).OfType<ArgumentCondition>().ToImmutableArray();
        return new SeccompRule(names, action, conditions) { Scope = ReadScope(map, errors) };
    }

    private static ArgumentCondition? ReadCondition(JsonNode item, List<PolicyError> errors)
    {
        var map = new JsonMap(item, "a condition of `args`", ["index", "value", "valueTwo", "op"], errors);
        var comparison = map.Text("op") is { } word ? SeccompWords.Comparisons.FirstOrDefault(c => c.Word == word) : default;
        if (comparison.Word is null)
        {
            map.Fail("op", $"`op` is no comparison: write one of {Words.All(SeccompWords.Comparisons.Select(static c => c.Word))}");
            return null;
        }

        var index = map.Number("index") ?? 0;
        if (index <= 5)
            return new ArgumentCondition((int)index, comparison.Comparison, map.Number("value") ?? 0, map.Number("valueTwo") ?? 0);
        map.Fail("index", $"argument `{index}` does not exist: calls have 0 to 5");
        return null;
    }

    /// <summary>Null where the rule is for everybody.</summary>
    private static RuleScope? ReadScope(JsonMap rule, List<PolicyError> errors)
    {
        var (includes, excludes) = (Part(rule, "includes", errors), Part(rule, "excludes", errors));
        if (includes is null && excludes is null)
            return null;

        // What excludes by architecture or kernel is rare and read as unknown: the rule then never permits anything.
        return new RuleScope
        {
            With = includes?.Capabilities ?? CapabilitySet.Empty,
            Without = excludes?.Capabilities ?? CapabilitySet.Empty,
            Architectures = includes?.Architectures ?? [],
            MinKernel = includes?.Kernel,
            IsUnknown = includes is { IsKnown: false } || excludes is { IsKnown: false } or { Architectures.IsEmpty: false } or { Kernel: not null },
        };
    }

    private static ScopePart? Part(JsonMap rule, string key, List<PolicyError> errors)
    {
        if (rule.Find(key) is not { } node || (node.Kind == JsonValueKind.Object && node.Entries.IsEmpty))
            return null;
        var map = new JsonMap(node, $"`{key}`", ["caps", "arches", "minKernel"], errors);
        var (held, known) = (CapabilitySet.Empty, true);
        foreach (var name in map.Words("caps", "capability", static _ => true))
        {
            if (CapabilityNames.TryParse(name, out var number))
                held = held.With(number);
            else
                known = false;
        }

        var arches = map.Words("arches", "architecture", static _ => true);
        var architectures = arches.Select(Machine).OfType<CallArchitecture>().ToImmutableArray();
        var kernel = map.Text("minKernel") is { } text ? Version.TryParse(text, out var parsed) ? parsed : null : null;
        known &= (kernel is not null || !map.Has("minKernel")) && (arches.IsEmpty || !architectures.IsEmpty);
        return new ScopePart(held, architectures, kernel, known);
    }

    /// <summary>Docker's names are those of Go.</summary>
    private static CallArchitecture? Machine(string name) => name switch
    {
        "amd64" => CallArchitecture.X64,
        "arm64" => CallArchitecture.Arm64,
        _ => null,
    };

    private static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private sealed record ScopePart(CapabilitySet Capabilities, ImmutableArray<CallArchitecture> Architectures, Version? Kernel, bool IsKnown);
}
