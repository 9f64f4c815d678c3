namespace CriGuard.Fuzz;

/// <summary>An input on which a target threw.</summary>
internal sealed record Crash(string Target, int Seed, long Run, byte[] Input, Exception Exception)
{
    public string Cause => $"{Exception.GetType().Name}: {Exception.Message}";

    /// <summary>Writes the input as one line of hexadecimal digits under artifacts/fuzz/; returns the path.</summary>
    public string Save()
    {
        var directory = Directory.CreateDirectory(Path.Combine("artifacts", "fuzz"));
        var path = Path.Combine(directory.FullName, $"{Target}-{Seed}-{Run}.hex");
        File.WriteAllText(path, Convert.ToHexStringLower(Input) + "\n");
        File.WriteAllText(Path.ChangeExtension(path, ".txt"), Exception + "\n");
        return path;
    }
}
