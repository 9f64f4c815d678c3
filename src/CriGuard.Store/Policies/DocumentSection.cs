using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;

namespace CriGuard.Store.Policies;

/// <summary>The outermost map of a policy file.</summary>
internal static class DocumentSection
{
    private const string ApiVersion = "criguard.io/v1";
    private const string Kind = "NodePolicy";

    /// <summary>Null where the file has no such map; errors beyond that leave out only what they are about.</summary>
    public static PolicyDocument? Read(Node root, List<PolicyError> errors)
    {
        if (Section.Open(root, "policy", errors, "apiVersion", "kind", "metadata", "unknownMethods", "unaccounted", "handlers", "stepUp", "floor", "rules", "exceptions") is not { } section)
            return null;
        CheckWord(section, "apiVersion", ApiVersion);
        CheckWord(section, "kind", Kind);
        if (!section.Has("floor"))
            section.Require("rules");
        return new PolicyDocument
        {
            Name = ReadName(section),
            UnknownMethods = section.Choice("unknownMethods", ("refuse", UnknownMethods.Refuse), ("relay", UnknownMethods.Relay)),
            Unaccounted = section.Choice("unaccounted", ("deny", Unaccounted.Deny), ("report", Unaccounted.Report)),
            Handlers = [.. section.List("handlers").Select(node => HandlerSection.Read(node, errors)).OfType<HandlerEntry>()],
            StepUp = section.Find("stepUp") is { } stepUp ? StepUpSection.Read(stepUp, errors) : null,
            Floor = section.Find("floor") is { } floor ? RuleSection.ReadFloor(floor, errors) : null,
            Rules = [.. section.List("rules").Select(node => RuleSection.Read(node, errors)).OfType<Rule>()],
            Exceptions = [.. section.List("exceptions").Select(node => ExceptionSection.Read(node, errors)).OfType<ExceptionEntry>()],
        };
    }

    private static void CheckWord(Section section, string key, string word)
    {
        if (section.RequireText(key) is { } text && text.Text != word)
            section.Fail(text.At, $"`{key}` is `{text.Text}`: write `{word}`");
    }

    private static string ReadName(Section section)
    {
        var metadata = section.Require("metadata") is { } node ? Section.Open(node, "metadata", section.Errors, "name") : null;
        return metadata?.RequireText("name")?.Text ?? "";
    }
}
