using CriGuard.Linux.AppArmor;

namespace CriGuard.Linux.Tests.AppArmor;

/// <summary>What becomes of a parser that does not do its work; that it does is shown on a machine with AppArmor (tests/CriGuard.Node).</summary>
public sealed class AppArmorParserTests
{
    [Fact]
    public void A_parser_that_is_missing_or_fails_is_said()
    {
        Assert.Contains("`no-such-parser` cannot be run: ", new AppArmorParser("no-such-parser").Load("profile a { }"), StringComparison.Ordinal);
        Assert.Equal("`false` ended with 1: ", new AppArmorParser("false").Load(new string('#', 1 << 20)));
    }

    [Fact]
    public void A_parser_that_takes_the_text_is_no_error() => Assert.Null(new AppArmorParser("true").Load("profile a { }"));
}
