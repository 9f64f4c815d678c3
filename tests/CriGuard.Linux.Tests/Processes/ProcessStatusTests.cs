using System.Text;
using CriGuard.Linux.Processes;
using FsCheck;

namespace CriGuard.Linux.Tests.Processes;

public sealed class ProcessStatusTests
{
    private const string Text =
        "Name:\tnginx\nUmask:\t0022\nPid:\t77\nUid:\t1000\t1001\t1000\t1000\nGid:\t5\t5\t5\t5\nGroups:\t \n" +
        "CapInh:\t0000000000000001\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425fa\nCapBnd:\t000001ffffffffff\nCapAmb:\t8000000000000000\n" +
        "NoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t3\nCpus_allowed:\t3\n";

    [Fact]
    public void Every_line_that_confines_is_read()
    {
        Assert.True(Parse(Text, out var status));

        Assert.Equal((1000u, 1001u), (status.RealUid, status.EffectiveUid));
        Assert.Equal(new CapabilityMasks(1, 0xa80425fb, 0xa80425fa, 0x1ffffffffff, 0x8000000000000000), status.Capabilities);
        Assert.True(status.NoNewPrivileges);
        Assert.Equal(SeccompMode.Filter, status.Seccomp);
        Assert.Equal(3, status.SeccompFilters);
    }

    [Fact]
    public void A_kernel_that_does_not_count_filters_is_not_one_with_none()
    {
        Assert.True(Parse(Text.Replace("Seccomp_filters:\t3\n", "", StringComparison.Ordinal), out var status));

        Assert.Null(status.SeccompFilters);
    }

    [Theory]
    [InlineData("Uid:")]
    [InlineData("CapInh:")]
    [InlineData("CapPrm:")]
    [InlineData("CapEff:")]
    [InlineData("CapBnd:")]
    [InlineData("CapAmb:")]
    [InlineData("NoNewPrivs:")]
    [InlineData("Seccomp:")]
    public void A_line_that_is_missing_is_never_taken_for_zero(string line)
    {
        Assert.False(Parse(Text.Replace(line, "X:", StringComparison.Ordinal), out _));
    }

    [Theory]
    [InlineData("Seccomp:\t2", "Seccomp:\t4")]
    [InlineData("Seccomp:\t2", "Seccomp:\t-1")]
    [InlineData("NoNewPrivs:\t1", "NoNewPrivs:\t2")]
    [InlineData("00000000a80425fb", "00000000a80425fb ff")]
    [InlineData("00000000a80425fb", "1ffffffffffffffff")]
    [InlineData("00000000a80425fb", "")]
    [InlineData("1000\t1001", "1000 1001")]
    [InlineData("1000\t1001\t1000\t1000", "1000\t1001")]
    public void An_odd_value_is_not_guessed_at(string good, string odd)
    {
        Assert.False(Parse(Text.Replace(good, odd, StringComparison.Ordinal), out _));
    }

    [Fact]
    public void Junk_is_never_an_exception() => Prop.ForAll<byte[], int, byte>(static (junk, at, value) =>
    {
        var bytes = Encoding.ASCII.GetBytes(Text);
        bytes[(int)((uint)at % bytes.Length)] = value;
        Assert.Equal(ProcessStatus.TryParse(bytes, out var changed), changed is not null);
        Assert.False(ProcessStatus.TryParse(junk, out _));
    }).QuickCheckThrowOnFailure();

    private static bool Parse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ProcessStatus? status) =>
        ProcessStatus.TryParse(Encoding.ASCII.GetBytes(text), out status);
}
