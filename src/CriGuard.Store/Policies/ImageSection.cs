using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Images;

namespace CriGuard.Store.Policies;

/// <summary>`images` and `runtimeHandlers` of a rule.</summary>
internal static class ImageSection
{
    public static ImageSetting? Read(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "images", errors, "registries", "digest") is not { } section)
            return null;
        if (section.IsEmpty)
            section.Fail(section.At, "`images` demands nothing: name `registries`, or write `digest: required`");
        ImmutableArray<TextNode> registries = section.Texts("registries");
        foreach (var registry in registries)
        {
            if (ImageSource.Objection(registry.Text) is { } objection)
                section.Fail(registry.At, $"`{registry.Text}` {objection}");
        }

        return new ImageSetting([.. registries.Select(static r => new ImageSource(r.Text))], section.Choice("digest", ("required", true)) == true);
    }

    /// <summary>An empty name is the runtime's default.</summary>
    public static RuntimeHandlersSetting? ReadHandlers(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "runtimeHandlers", errors, "allow") is not { } section)
            return null;
        section.Require("allow");
        return new RuntimeHandlersSetting([.. section.Texts("allow").Select(static n => n.Text)]);
    }
}
