using System.Collections.Immutable;

namespace CriGuard.Store.Profiles;

/// <summary>The text of an AppArmor profile, whose file is named as the profile in it.</summary>
public sealed record AppArmorSource(string Name, string Text)
{
    private const string Prefix = "apparmor/";

    /// <summary>What lies in `profiles/apparmor` of the repository, as it is inside the program.</summary>
    public static ImmutableArray<AppArmorSource> Shipped { get; } =
    [
        .. from name in typeof(AppArmorSource).Assembly.GetManifestResourceNames()
           where name.StartsWith(Prefix, StringComparison.Ordinal)
           orderby name
           select new AppArmorSource(name[Prefix.Length..], Read(new StreamReader(typeof(AppArmorSource).Assembly.GetManifestResourceStream(name)!))),
    ];

    /// <summary>The files of a directory, but for hidden ones and what editors leave behind.</summary>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static ImmutableArray<AppArmorSource> In(string directory) =>
    [
        .. from file in Directory.EnumerateFiles(directory)
           let name = Path.GetFileName(file)
           where name[0] != '.' && name[^1] != '~'
           orderby name
           select new AppArmorSource(name, Read(new StreamReader(file))),
    ];

    private static string Read(StreamReader reader)
    {
        using (reader)
            return reader.ReadToEnd();
    }
}
