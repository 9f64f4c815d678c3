using CriGuard.Cri.Facts;

namespace CriGuard.Cri.Tests.Facts;

public sealed class ExecReaderTests
{
    // 1: stdout, 2: stderr, 3: exit_code.
    [Theory]
    [InlineData("", 0)]
    [InlineData("0A026869", 0)]
    [InlineData("0A0268691802", 2)]
    [InlineData("180212016518FFFFFFFFFFFFFFFFFF01", -1)]
    public void The_exit_code_is_read_whatever_the_command_said(string reply, int code) => Assert.Equal(code, ExecReader.ExitCode(Convert.FromHexString(reply)));

    [Theory]
    [InlineData("0A05")]
    [InlineData("18")]
    public void What_is_no_answer_has_none(string reply) => Assert.Null(ExecReader.ExitCode(Convert.FromHexString(reply)));
}
