namespace CriGuard.TestBed;

/// <summary>Where things are in this checkout.</summary>
public static class Checkout
{
    /// <summary>The top directory of the checkout that the running program was built in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The published executable, as `make build` leaves it.</summary>
    public static string Executable => Path.Combine(Root, "bin", "criguard");

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "CriGuard.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"`{AppContext.BaseDirectory}` is in no checkout of CriGuard: run it where it was built");
    }
}
