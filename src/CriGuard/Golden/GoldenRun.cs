using CriGuard.Output;

namespace CriGuard.Golden;

/// <summary>How a case came out.</summary>
/// <param name="Name">Of its folder.</param>
/// <param name="Expected">`verdict.txt`; empty where there is none yet.</param>
/// <param name="Actual">The verdict now, or the reason why there is none.</param>
internal sealed record GoldenResult(string Name, string Expected, string Actual)
{
    public bool Passed => Expected == Actual;
}

/// <summary>Runs the cases of a folder: each sub-folder with a `request.json` is one, or the folder itself.</summary>
internal static class GoldenRun
{
    private const string VerdictFile = "verdict.txt";

    /// <summary>By name.</summary>
    public static IReadOnlyList<string> Find(string folder) =>
        IsCase(folder) ? [folder] : [.. Directory.GetDirectories(folder).Where(IsCase).Order(StringComparer.Ordinal)];

    public static GoldenResult Run(string folder)
    {
        var file = Path.Combine(folder, VerdictFile);
        return new GoldenResult(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), File.Exists(file) ? File.ReadAllText(file) : "", Decide(folder));
    }

    /// <summary>Writes the verdict of now as the right one: for a person to read and commit, or not.</summary>
    public static void Accept(string folder, GoldenResult result) => File.WriteAllText(Path.Combine(folder, VerdictFile), result.Actual);

    private static bool IsCase(string folder) => File.Exists(Path.Combine(folder, GoldenCaseReader.RequestFile));

    private static string Decide(string folder)
    {
        try
        {
            return VerdictText.Write(GoldenCaseReader.Read(folder).Decide());
        }
        catch (GoldenCaseException e)
        {
            return $"cannot decide\n  {e.Message}\n";
        }
    }
}
