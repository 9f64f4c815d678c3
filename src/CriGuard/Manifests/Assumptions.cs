namespace CriGuard.Manifests;

/// <summary>What a manifest does not tell and was taken for given: each once, in the order in which it was met.</summary>
internal sealed class Assumptions
{
    private readonly List<string> said = [];

    public IReadOnlyList<string> All => said;

    public void Add(string assumption)
    {
        if (!said.Contains(assumption, StringComparer.Ordinal))
            said.Add(assumption);
    }
}
