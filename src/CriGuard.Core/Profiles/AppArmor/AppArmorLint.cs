using System.Buffers;
using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.AppArmor;

/// <summary>
/// Finds in the text of profiles the ways out of them: a rule by which a program, or what it starts, goes on under another profile or none
/// (T-A8; apparmor.d(5), "Access Modes" and "change_profile"), and flags with which nothing is confined at all.
/// </summary>
public static class AppArmorLint
{
    private static readonly SearchValues<char> Permissions = SearchValues.Create("rwalkmixpucPUCd");
    private static readonly ImmutableArray<string> Loose = ["complain", "unconfined", "default_allow", "prompt"];

    /// <summary>The faults in the order of the text; none where what the profiles confine stays confined.</summary>
    public static ImmutableArray<AppArmorFault> Check(string text)
    {
        var statements = AppArmorText.Cut(text);
        var profiles = statements.Where(static s => s.OpensBlock).Select(Name).ToHashSet(StringComparer.Ordinal);
        if (profiles.Count == 0)
            return [new AppArmorFault(1, "there is no profile in it")];
        return [.. from statement in statements let message = Fault(statement, profiles) where message is not null select new AppArmorFault(statement.Line, message)];
    }

    private static string? Fault(AppArmorStatement statement, HashSet<string> profiles)
    {
        if (statement.OpensBlock)
            return Flag(statement) is { } flag ? $"flag `{flag}` lets through what the profile forbids: take it out" : null;
        if (statement.Words[0] is "include" or "#include")
            return $"`{string.Join(' ', statement.Words)}` brings rules that are not looked at: write them out";
        var rule = statement.Words.SkipWhile(static w => w is "audit" or "allow" or "owner" or "quiet" or "file" || w.StartsWith("priority=", StringComparison.Ordinal)).ToList();
        if (rule.Count == 0 || rule[0] == "deny")
            return null;
        var target = rule.IndexOf("->") is >= 0 and var arrow && arrow + 1 < rule.Count ? rule[arrow + 1] : null;
        if (rule[0] == "change_profile")
            return ChangeProfile(target, profiles);
        return rule.Find(IsExecution) is { } mode && rule.Exists(static w => w[0] is '/' or '@' or '"' or '{') ? Execution(string.Join(' ', rule), mode, target, profiles) : null;
    }

    private static string? ChangeProfile(string? target, HashSet<string> profiles) =>
        target is not null && profiles.Contains(target)
            ? null
            : $"`change_profile` lets a program leave for `{target ?? "any profile"}` by itself: take it out, or name a profile of this file";

    /// <summary>`u` is the way out, alone or where `p` or `c` find no profile; `p` leads to what is loaded at that time, `c` to this file.</summary>
    private static string? Execution(string rule, string mode, string? target, HashSet<string> profiles)
    {
        if (mode.AsSpan().ContainsAny('u', 'U'))
            return $"`{rule}` lets the child run unconfined: use `ix`, or `Cx` with a profile of this file";
        if (target == "unconfined" || (mode.AsSpan().ContainsAny('p', 'P') && (target is null || !profiles.Contains(target))))
            return $"`{rule}` gives the child a profile that is not in this file{(target is null ? "" : $", `{target}`")}: use `ix`, or name one that is";
        return null;
    }

    private static bool IsExecution(string word) => word.Contains('x', StringComparison.Ordinal) && word.AsSpan().IndexOfAnyExcept(Permissions) < 0;

    /// <summary>`profile NAME /path flags=(…)`, `/path flags=(…)`, `hat NAME` and `^NAME`.</summary>
    private static string Name(AppArmorStatement head) => head.Words[0] is "profile" or "hat" && head.Words.Length > 1 ? head.Words[1] : head.Words[0].TrimStart('^');

    private static string? Flag(AppArmorStatement head)
    {
        var flags = head.Words.Where(static w => w.Contains('(', StringComparison.Ordinal)).SelectMany(static w => w.Split('(', ')', ',', ' '));
        return flags.FirstOrDefault(Loose.Contains);
    }
}
