namespace CriGuard.Setup;

/// <summary>What lies in `node-setup/` of the repository and goes onto a node, as it is inside the program.</summary>
internal static class SetupFiles
{
    public static string Socket => Text("setup/criguard.socket");

    public static string Service => Text("setup/criguard.service");

    /// <summary>The configuration, with its defaults as comments.</summary>
    public static string Configuration => Text("setup/config.yaml");

    /// <summary>The policy of a new node: everything is recorded, nothing refused.</summary>
    public static string Policy => Text("setup/audit.yaml");

    private static string Text(string name)
    {
        using var stream = typeof(SetupFiles).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"`{name}` is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
