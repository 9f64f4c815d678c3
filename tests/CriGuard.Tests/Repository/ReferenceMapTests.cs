using System.Xml.Linq;

namespace CriGuard.Tests.Repository;

/// <summary>Which room may know which: the map of src/README.md, compared with the project files.</summary>
public sealed class ReferenceMapTests
{
    private static readonly Dictionary<string, string[]> Map = new()
    {
        ["CriGuard.Core"] = [],
        ["CriGuard.Grpc"] = [],
        ["CriGuard.Cri"] = ["CriGuard.Core"],
        ["CriGuard.Linux"] = ["CriGuard.Core"],
        ["CriGuard.Store"] = ["CriGuard.Core"],
        ["CriGuard"] = ["CriGuard.Core", "CriGuard.Cri", "CriGuard.Grpc", "CriGuard.Linux", "CriGuard.Store"],
    };

    public static TheoryData<string> Rooms { get; } = [.. Map.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_what_the_map_says_and_nothing_else(string room)
    {
        Assert.Equal(Map[room], Items(room, "ProjectReference").Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_room_is_on_the_map()
    {
        var folders = Directory.EnumerateDirectories(Checkout.Path("src")).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

        Assert.Equal(Map.Keys.Order(StringComparer.Ordinal), folders);
    }

    [Theory]
    [InlineData("CriGuard.Core")]
    [InlineData("CriGuard.Grpc")]
    [InlineData("CriGuard.Linux")]
    public void A_room_that_needs_no_package_has_none(string room)
    {
        Assert.Empty(Items(room, "PackageReference"));
        Assert.Empty(Items(room, "FrameworkReference"));
    }

    [Fact]
    public void Only_the_room_of_the_kernel_has_unsafe_code()
    {
        var unsafeRooms = Map.Keys.Where(static room => Properties(room, "AllowUnsafeBlocks").Contains("true"));

        Assert.Equal(["CriGuard.Linux"], unsafeRooms);
    }

    private static IEnumerable<string> Items(string room, string name) =>
        Project(room).Descendants(name).Select(static element => element.Attribute("Include")!.Value);

    private static IEnumerable<string> Properties(string room, string name) => Project(room).Descendants(name).Select(static element => element.Value);

    private static XDocument Project(string room) => XDocument.Load(Checkout.Path("src", room, room + ".csproj"));
}
