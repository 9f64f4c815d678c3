using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Store.Profiles;

namespace CriGuard.Store.Policies;

/// <summary>`seccomp` of a rule: the profile that is given where none is asked for, and the base that is put under all.</summary>
internal static class SeccompSection
{
    private const string Key = "seccomp";

    public static Rule Read(Section controls, Rule rule)
    {
        if (controls.Find(Key) is not { } node || Section.Open(node, Key, controls.Errors, "default", "profile", "base", "own") is not { } section)
            return rule;
        if (!section.Has("base"))
            section.Require("default");
        if (section.Find("own") is { } own && !section.Has("base"))
            section.Fail(own.At, "`own` of `seccomp` belongs to `base`: name a base, or leave `own` out");
        return rule with { Seccomp = ProfileSection.ReadSeccomp(section), SeccompBase = ReadBase(section) };
    }

    private static SeccompBaseSetting? ReadBase(Section section)
    {
        var refuses = section.Choice("own", ("keep", false), ("refuse", true)) == true;
        if (section.Text("base") is not { } name)
            return null;
        var names = ShippedProfiles.Seccomp.Bases.Keys;
        if (names.Contains(name.Text, StringComparer.Ordinal))
            return new SeccompBaseSetting([name.Text], refuses);
        section.Fail(name.At, $"`{name.Text}` is no base: write one of {string.Join(", ", names.Select(static n => $"`{n}`"))}");
        return null;
    }
}
