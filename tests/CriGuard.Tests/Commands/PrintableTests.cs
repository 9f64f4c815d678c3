using CriGuard.Output;

namespace CriGuard.Tests.Commands;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain [text] with `ü` and 😀", "plain [text] with `ü` and 😀")]
    [InlineData("a\u001b[31mb\r\n\u009b", @"a\u001b[31mb\u000d\u000a\u009b")]
    [InlineData("\u202etxt.exe\u2028", @"\u202etxt.exe\u2028")]
    public void What_would_act_on_a_terminal_is_shown_instead(string text, string printable) => Assert.Equal(printable, Printable.Of(text));

    [Fact]
    public void Half_a_surrogate_pair_is_shown_instead() => Assert.Equal(@"\ud800x", Printable.Of("\ud800x"));
}
