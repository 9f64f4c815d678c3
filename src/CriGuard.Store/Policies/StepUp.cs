using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;

namespace CriGuard.Store.Policies;

/// <summary>A rule that sends the next instances of a workload to a stronger level: a file of its own in the policy's directory, by an administrator or by the daemon.</summary>
/// <param name="Target">`team-a` for a whole namespace, `team-a/web` for the pods of the workload `web` in it.</param>
/// <param name="Level">At least.</param>
/// <param name="Reason">For whoever reads the record.</param>
/// <param name="Expires">Null: until it is cleared.</param>
public sealed record StepUp(string Target, IsolationLevel Level, string Reason, DateTimeOffset? Expires)
{
    private const string Prefix = "step-up-";

    /// <summary>Those of the daemon have names of their own, so that none takes the place of what an administrator said.</summary>
    private const string AutomaticPrefix = "stepped-up-";

    private const int LongestName = 63;
    private const int LongestPart = 253;
    private const int DigestDigits = 6;

    /// <summary>Name of the rule and of the file: readable, and another one for every target.</summary>
    public string Name => NameOf(Target, IsAutomatic);

    /// <summary>The daemon's, after an incident (`stepUp` of the policy).</summary>
    public bool IsAutomatic { get; init; }

    public static string NameOf(string target, bool automatic)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target)))[..DigestDigits];
        var words = (automatic ? AutomaticPrefix : Prefix) + target.Replace('/', '-').Replace('.', '-');
        return $"{(words.Length + DigestDigits < LongestName ? words : words[..(LongestName - DigestDigits - 1)])}-{digest}";
    }

    public static string FileOf(string directory, string target, bool automatic = false) => Path.Combine(directory, NameOf(target, automatic) + ".yaml");

    /// <summary>Null where it names no namespace, and no workload in one.</summary>
    public static string? Objection(string target) => target.Split('/') is { Length: 1 or 2 } parts && parts.All(IsName)
        ? null
        : $"`{target}` is no workload: write NAMESPACE or NAMESPACE/NAME, in lower-case letters, digits, dashes and dots";

    /// <summary>The step-ups of a policy, by target.</summary>
    public static IEnumerable<StepUp> Of(CompiledPolicy policy) =>
        from rule in policy.Rules
        let sandbox = rule.Sandbox
        let automatic = rule.Name.StartsWith(AutomaticPrefix, StringComparison.Ordinal)
        where sandbox is not null && (automatic || rule.Name.StartsWith(Prefix, StringComparison.Ordinal)) && rule.Match.Namespaces.Length == 1
        let name = rule.Match.Workloads.IsEmpty ? "" : "/" + rule.Match.Workloads[0]
        orderby rule.Match.Namespaces[0].Pattern, name, rule.Name
        select new StepUp(rule.Match.Namespaces[0].Pattern + name, sandbox.Level, rule.Reason, rule.Expires) { IsAutomatic = automatic };

    /// <summary>An ordinary document of a policy.</summary>
    public string Document()
    {
        var parts = Target.Split('/');
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Written by {(IsAutomatic ? "the daemon after an incident" : "`criguard step-up`")}; `criguard step-up clear {Target}` takes it away.\n");
        text.Append(CultureInfo.InvariantCulture, $"apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata:\n  name: {Name}\nrules:\n  - name: {Name}\n    mode: enforce\n");
        text.Append(CultureInfo.InvariantCulture, $"    reason: {Quoted(Reason)}\n");
        if (Expires is { } expires)
            text.Append(CultureInfo.InvariantCulture, $"    expires: {expires.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\n");
        text.Append(CultureInfo.InvariantCulture, $"    match:\n      namespaces: [{Quoted(parts[0])}]\n");
        if (parts.Length == 2)
            text.Append(CultureInfo.InvariantCulture, $"      workloads: [{Quoted(parts[1])}]\n");
        return text.Append(CultureInfo.InvariantCulture, $"    sandbox: {Level.Word()}\n").ToString();
    }

    /// <summary>Puts the file into the directory as a whole: whoever reads meanwhile sees the old state or the new one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string directory)
    {
        var file = FileOf(directory, Target, IsAutomatic);
        // No name that a policy's reader takes for one of its files.
        var draft = file + ".new";
        File.WriteAllText(draft, Document());
        File.Move(draft, file, overwrite: true);
    }

    private static bool IsName(string part) =>
        part.Length is > 0 and <= LongestPart && part.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');

    /// <summary>A JSON string is a YAML one.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
