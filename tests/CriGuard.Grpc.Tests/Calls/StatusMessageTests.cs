using System.Text;
using CriGuard.Grpc.Calls;
using FsCheck;

namespace CriGuard.Grpc.Tests.Calls;

public sealed class StatusMessageTests
{
    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("100%", "100%25")]
    [InlineData("café", "caf%C3%A9")]
    [InlineData("two\nlines", "two%0Alines")]
    public void All_but_printable_ascii_is_escaped(string message, string encoded)
    {
        Assert.Equal(encoded, StatusMessage.Encode(message));
        Assert.Equal(message, StatusMessage.Decode(Encoding.ASCII.GetBytes(encoded)));
    }

    [Theory]
    [InlineData("50% off", "50% off")]
    [InlineData("%4", "%4")]
    [InlineData("%zz", "%zz")]
    [InlineData("%e4", "\ufffd")]
    public void Broken_escapes_are_kept_rather_than_refused(string encoded, string message) =>
        Assert.Equal(message, StatusMessage.Decode(Encoding.ASCII.GetBytes(encoded)));

    [Fact]
    public void Decoding_undoes_encoding() => Prop.ForAll<NonNull<string>>(text =>
    {
        var message = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
        return StatusMessage.Decode(Encoding.ASCII.GetBytes(StatusMessage.Encode(message))) == message;
    }).QuickCheckThrowOnFailure();
}
