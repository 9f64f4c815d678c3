using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Policies;

/// <summary>`annotations` of a rule: `deny`, or which of those that change a runtime's behaviour a pod may have.</summary>
internal static class AnnotationSection
{
    public static AnnotationSetting? Read(Section rule)
    {
        if (rule.Find("annotations") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return rule.Choice("annotations", ("deny", true)) == true ? AnnotationSetting.None : null;
        if (Section.Open(node, "annotations", rule.Errors, "allow") is not { } section)
            return null;
        section.Require("allow");
        var keys = section.Texts("allow");
        foreach (var key in keys.Where(static k => k.Text.Length == 0))
            section.Fail(key.At, "`allow` has an empty item, which matches nothing: write a key, `*` in it for any characters");
        return new AnnotationSetting([.. keys.Select(static k => new Glob(k.Text))]);
    }
}
