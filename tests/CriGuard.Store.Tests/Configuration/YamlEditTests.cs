using CriGuard.Store.Configuration;

namespace CriGuard.Store.Tests.Configuration;

public sealed class YamlEditTests
{
    [Theory]
    [InlineData("# a\nk: old   # why\nz: 1\n", "# a\nk: new   # why\nz: 1\n")]
    [InlineData("k: \"old\"\n", "k: new\n")]
    [InlineData("k:\nz: 1\n", "k: new\nz: 1\n")]
    [InlineData("a: { k: old }\n", "a: { k: old }\nk: new\n")]
    [InlineData("a: 1", "a: 1\nk: new\n")]
    [InlineData("", "k: new\n")]
    [InlineData("# only a comment\n", "# only a comment\nk: new\n")]
    [InlineData("{\"k\": \"old\", \"z\": 1}", "{\"k\": new, \"z\": 1}")]
    [InlineData("---\na: 1\n", "---\na: 1\nk: new\n")]
    [InlineData("a: |\n  k: old\n", "a: |\n  k: old\nk: new\n")]
    public void A_key_is_set_and_every_other_byte_stays(string text, string expected)
    {
        var set = YamlEdit.Set(text, "k", "new");

        Assert.Equal(expected, set);
        Assert.Equal("new", YamlEdit.Get(set, "k"));
    }

    [Theory]
    [InlineData("{\"z\": 1}")]
    [InlineData("a: 1\n---\nb: 1\n")]
    [InlineData("a: 1\n...\n")]
    [InlineData("- k\n")]
    [InlineData("k: [1]\n")]
    [InlineData("a: [\n")]
    public void What_cannot_be_edited_is_said_and_not_guessed(string text) => Assert.Throws<InvalidDataException>(() => YamlEdit.Set(text, "k", "new"));

    [Fact]
    public void A_key_that_is_not_there_has_no_value() => Assert.Null(YamlEdit.Get("a: 1\n", "k"));
}
