namespace CriGuard.Core.Policy.Images;

/// <summary>Where images may come from: a registry (`registry.example`), or repositories of one (`registry.example/team/*`).</summary>
/// <param name="Text">As it is written.</param>
public sealed record ImageSource(string Text)
{
    private readonly Glob host = new(Text.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? Text[..at] : Text);
    private readonly Glob path = new(Text.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? Text[(at + 1)..] : "*");

    /// <summary>Host against host and path against path: a `*` does not reach from one into the other.</summary>
    public bool Matches(ImageName name) => host.Matches(name.Host) && path.Matches(name.Path);

    /// <summary>Why it is none; null where it is one.</summary>
    public static string? Objection(string text) =>
        text.Length > 0 && text[0] != '/' && text[^1] != '/' && !text.Contains("//", StringComparison.Ordinal) && text.AsSpan().IndexOfAny('@', ' ') < 0
            ? null
            : "is no registry: write `registry.example`, or `registry.example/team/*` for repositories of one";
}
