using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Bases;
using CriGuard.Store.Policies;

namespace CriGuard.Store.Profiles;

/// <summary>Reads a file of `profiles/seccomp`.</summary>
internal static class SeccompBaseFile
{
    private static readonly ImmutableArray<(string Word, CallArchitecture Machine)> Machines = [("x86_64", CallArchitecture.X64), ("aarch64", CallArchitecture.Arm64)];

    /// <param name="file">For the places of errors.</param>
    /// <param name="text">The whole file.</param>
    /// <param name="find">Gives the base that this one is like.</param>
    /// <param name="errors">What is wrong is added.</param>
    public static SeccompBase? Read(string file, string text, Func<string, SeccompBase?> find, List<PolicyError> errors)
    {
        if (YamlTree.Read(file, text, errors) is not { } root
            || Section.Open(root, "the document", errors, "apiVersion", "kind", "metadata", "about", "like", "denied", "otherwise", "narrow", "groups") is not { } document)
            return null;
        document.Choice("apiVersion", ("criguard.io/v1", true));
        document.Require("kind");
        document.Choice("kind", ("SeccompBase", true));
        var name = document.Require("metadata") is { } metadata ? Section.Open(metadata, "metadata", errors, "name")?.RequireText("name") : null;
        var about = document.RequireText("about");
        if (name is null || about is null)
            return null;
        if (document.Text("like") is { } like)
            return find(like.Text) is { } other && Action(document, "denied") is { } denied ? Like(other, denied) with { Name = name.Text, About = about.Text } : null;
        document.Require("otherwise");
        document.Require("narrow");
        return Action(document, "otherwise") is { } otherwise && document.Choice("narrow", ("true", true), ("false", false)) is { } narrow
            ? new SeccompBase(name.Text, about.Text, otherwise, narrow, [.. document.List("groups").Select(item => ReadGroup(item, errors)).OfType<SeccompGroup>()])
            : null;
    }

    private static SeccompBase Like(SeccompBase other, SeccompAction denied) => other with
    {
        Otherwise = other.Otherwise.Permits ? other.Otherwise : denied,
        Groups = [.. other.Groups.Select(g => g.Action.Permits ? g : g with { Action = denied })],
    };

    private static SeccompGroup? ReadGroup(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "group", errors, "name", "why", "calls", "with", "without", "machines", "minKernel", "where", "action") is not { } section
            || section.RequireText("name") is not { } name || section.RequireText("why") is not { } why)
            return null;
        section.Require("calls");
        var calls = section.Texts("calls");
        foreach (var call in calls.Where(static c => SystemCalls.Find(c.Text) is null))
            section.Fail(call.At, $"`{call.Text}` is no call that is known here");
        var action = section.Has("action") ? Action(section, "action") : SeccompAction.Allow;
        return new SeccompGroup(name.Text, why.Text, [.. calls.Select(static c => c.Text)], action ?? SeccompAction.NotPermitted, Where(section))
        {
            Scope = new RuleScope
            {
                With = Capabilities(section, "with"),
                Without = Capabilities(section, "without"),
                Architectures = [.. section.Texts("machines").Select(machine => Machine(section, machine)).OfType<CallArchitecture>()],
                MinKernel = Kernel(section),
            },
        };
    }

    private static ImmutableArray<ArgumentLine> Where(Section section)
    {
        var lines = ImmutableArray.CreateBuilder<ArgumentLine>();
        foreach (var text in section.Texts("where"))
        {
            if (ArgumentLine.TryParse(text.Text, out var line))
                lines.Add(line);
            else
                section.Fail(text.At, $"`{text.Text}` is no condition: write such as `arg0 == 1`, `arg1 & 0xf in 1 2`, terms joined by ` and `");
        }

        return lines.ToImmutable();
    }

    private static CapabilitySet Capabilities(Section section, string key)
    {
        var set = CapabilitySet.Empty;
        foreach (var name in section.Texts(key))
        {
            if (CapabilityNames.TryParse(name.Text, out var number))
                set = set.With(number);
            else
                section.Fail(name.At, $"`{name.Text}` is not a capability: write a name of capabilities(7) without `CAP_`");
        }

        return set;
    }

    private static CallArchitecture? Machine(Section section, TextNode text)
    {
        foreach (var (word, machine) in Machines)
        {
            if (word == text.Text)
                return machine;
        }

        section.Fail(text.At, $"`{text.Text}` is no machine that is known here: write `x86_64` or `aarch64`");
        return null;
    }

    private static Version? Kernel(Section section)
    {
        if (section.Text("minKernel") is not { } text)
            return null;
        if (Version.TryParse(text.Text, out var version))
            return version;
        section.Fail(text.At, $"`{text.Text}` is no kernel: write such as `4.8`");
        return null;
    }

    private static SeccompAction? Action(Section section, string key)
    {
        if (section.RequireText(key) is not { } text)
            return null;
        if (text.Text is "allow" or "log")
            return text.Text == "allow" ? SeccompAction.Allow : SeccompAction.Log;
        if (ErrorNumbers.TryParse(text.Text, out var number))
            return new SeccompAction(SeccompActionKind.Errno, number);
        section.Fail(text.At, $"`{text.Text}` is no action: write `allow`, `log` or the name of an error, such as `EPERM`");
        return null;
    }
}
