using System.Text;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;

namespace CriGuard.Cri.Tests.Facts;

public sealed class FilterReaderTests
{
    private const string Filter = """
        { "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls": [
          { "names": ["read", "write"], "action": "SCMP_ACT_ALLOW" },
          { "names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": 0, "value": 18446744073709551615, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ" }] } ] }
        """;

    [Fact]
    public void One_filter_in_two_layouts_is_one()
    {
        const string other = """
            { "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X86_64"], "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
              { "names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{ "op": "SCMP_CMP_MASKED_EQ", "index": 0, "value": 18446744073709551615 }] },
              { "names": ["write"], "action": "SCMP_ACT_ALLOW" }, { "names": ["read"], "action": "SCMP_ACT_ALLOW" } ] }
            """;

        Assert.Equal(Read(Filter), Read(other));
    }

    [Theory]
    [InlineData("\"SCMP_ACT_ERRNO\"", "\"SCMP_ACT_ALLOW\"")]
    [InlineData("\"SCMP_ARCH_X86\"", "\"SCMP_ARCH_ARM\"")]
    [InlineData("\"write\"", "\"mount\"")]
    [InlineData("18446744073709551615", "18446744073709551614")]
    [InlineData("SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE")]
    public void Anything_that_the_kernel_would_do_otherwise_makes_another(string what, string with) =>
        Assert.NotEqual(Read(Filter), Read(Filter.Replace(what, with, StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ \"defaultAction\": ")]
    public void What_is_no_filter_is_null(string text) => Assert.Null(Read(text));

    private static FilterRules? Read(string text) => FilterReader.Read(Encoding.UTF8.GetBytes(text));
}
