using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Policy;
using CriGuard.Core.Profiles.Modules;
using CriGuard.Store.Policies;

namespace CriGuard.Store.Profiles;

/// <summary>Reads `profiles/kernel-modules.yaml`.</summary>
internal static class KernelModulesFile
{
    private static readonly ImmutableArray<(string Key, ModuleCause Cause)> Lists =
    [
        ("sockets", ModuleCause.Socket), ("filesystems", ModuleCause.FileSystem), ("keys", ModuleCause.Key), ("crypto", ModuleCause.Crypto),
        ("terminals", ModuleCause.Terminal),
    ];

    /// <summary>Null where there is no such document; what is wrong is added to the errors.</summary>
    public static KernelModules? Read(string file, string text, List<PolicyError> errors)
    {
        if (YamlTree.Read(file, text, errors) is not { } root
            || Section.Open(root, "the document", errors, ["apiVersion", "kind", .. Lists.Select(static l => l.Key)]) is not { } document)
            return null;
        document.Require("apiVersion");
        document.Choice("apiVersion", ("criguard.io/v1", true));
        document.Require("kind");
        document.Choice("kind", ("KernelModules", true));
        return new KernelModules(
            [.. Lists.SelectMany(list => document.List(list.Key).Select(item => ReadEntry(item, list.Cause, errors))).OfType<KernelModule>()]);
    }

    private static KernelModule? ReadEntry(Node node, ModuleCause cause, List<PolicyError> errors)
    {
        string[] keys = cause == ModuleCause.Socket ? ["name", "family", "type", "protocol", "alias", "modules", "why"] : ["name", "alias", "modules", "why"];
        if (Section.Open(node, "module", errors, keys) is not { } section)
            return null;
        section.Require("modules");
        if (section.RequireText("name") is not { } name || section.RequireText("alias") is not { } alias || section.RequireText("why") is not { } why)
            return null;
        var modules = section.List("modules").Select(item => section.TextOf(item, "modules")).OfType<TextNode>().ToImmutableArray();
        foreach (var module in modules.Where(static m => !IsModule(m.Text)))
            section.Fail(module.At, $"`{module.Text}` is not the name of a module: write letters, digits and underscores");
        var entry = new KernelModule(cause, name.Text, alias.Text, [.. modules.Select(static m => m.Text)], why.Text);
        if (cause != ModuleCause.Socket)
            return entry;
        section.Require("family");
        return Number(section, "family") is { } family
            ? entry with { Socket = new SocketTriple(family, Number(section, "type"), Number(section, "protocol")) }
            : null;
    }

    private static int? Number(Section section, string key)
    {
        if (section.Text(key) is not { } text)
            return null;
        if (int.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        section.Fail(text.At, $"`{key}` is `{text.Text}`: write a number");
        return null;
    }

    private static bool IsModule(string name) => name.Length is > 0 and <= 55 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
