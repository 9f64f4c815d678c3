using System.Text;
using CriGuard.Core.Events;
using CriGuard.Core.Workloads;
using FsCheck;

namespace CriGuard.Core.Tests.Events;

public sealed class EventLineReaderTests
{
    [Fact]
    public void An_entry_has_all_that_was_recorded()
    {
        var entry = Samples.Entry(Samples.Text(Samples.Whole));

        Assert.NotNull(entry);
        Assert.Equal(new LineLink(1, LineHash.None), entry.Link);
        Assert.Equal(Samples.Whole.Time, entry.Time);
        Assert.Equal((Samples.Whole.Node, Samples.Whole.Kind, Samples.Whole.Method, Samples.Whole.CallId), (entry.Node, entry.Kind, entry.Method, entry.CallId));
        Assert.Equal((Samples.Whole.Pod, Samples.Whole.SandboxId), (entry.Pod, entry.SandboxId));
        Assert.Equal((Samples.Whole.ContainerName, Samples.Whole.ContainerId), (entry.ContainerName, entry.ContainerId));
        Assert.Equal(("permit", "0123456789ab"), (entry.Verdict, entry.Revision));
        Assert.Equal(
            new FindingEntry("tenants", "seccomp", "enforce", "change", "config.linux.security_context.seccomp", "container `web` asks for no seccomp profile", ""),
            Assert.Single(entry.Findings));
        Assert.Equal(new ChangeEntry("tenants", "seccomp", "config.linux.security_context.seccomp", "unset", "RuntimeDefault"), Assert.Single(entry.Changes));
        Assert.Equal((Samples.Whole.Caller, Samples.Whole.Answer, Samples.Whole.Duration), (entry.Caller, entry.Answer, entry.Duration));
        Assert.Equal(Samples.Whole.Details.ToArray(), [.. entry.Details]);
    }

    [Fact]
    public void Any_text_comes_back_and_never_ends_its_line() => Prop.ForAll<string>(static text =>
    {
        var value = text ?? "";
        var line = Samples.Text(Samples.Whole with { ContainerName = value, Pod = new PodIdentity(value, value, value), Details = [KeyValuePair.Create(value, value)] });
        var entry = Samples.Entry(line);
        // Half a surrogate pair cannot be written as UTF-8: it comes back as U+FFFD.
        var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
        return line.IndexOf('\n', StringComparison.Ordinal) == line.Length - 1
            && entry?.ContainerName == expected && entry.Pod?.Uid == expected && entry.Details[0].Key == expected && entry.Details[0].Value == expected;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("\ud800")]
    [InlineData("a\udc00b")]
    [InlineData("\n\r\0\u2028\u0085\"\\`<ü😀")]
    public void Odd_characters_come_back(string text) =>
        Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), Samples.Entry(Samples.Text(Samples.Plain(text)))?.Node);

    [Fact]
    public void Junk_is_no_entry_and_no_exception() => Prop.ForAll<byte[]>(static junk => !EventLineReader.TryParse(junk ?? [], out _)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("""{"seq":1}""")]
    [InlineData("""[]""")]
    [InlineData("""{"seq":1,"time":"yesterday","kind":"k","prev":"PREV"}""")]
    [InlineData("""{"seq":1,"time":"2026-11-22T01:20:00.123456Z","prev":"PREV"}""")]
    [InlineData("""{"seq":1.5,"time":"2026-11-22T01:20:00.123456Z","kind":"k","prev":"PREV"}""")]
    [InlineData("""{"seq":0,"time":"2026-11-22T01:20:00.123456Z","kind":"k","prev":"PREV"}""")]
    [InlineData("""{"seq":1,"time":"2026-11-22T01:20:00.123456Z","kind":"k","prev":"12"}""")]
    [InlineData("""{"seq":1,"time":"2026-11-22T01:20:00.123456Z","kind":"\ud800","prev":"PREV"}""")]
    [InlineData("""{"seq":1,"time":"2026-11-22T01:20:00.123456Z","kind":"k","prev":"PREV"} x""")]
    public void What_is_no_line_of_the_log_is_no_entry(string line) => Assert.Null(Samples.Entry(line.Replace("PREV", new string('a', 64), StringComparison.Ordinal)));

    [Fact]
    public void Fields_and_kinds_of_newer_builds_do_not_hinder_reading()
    {
        var line = Samples.Text(Samples.Whole).Replace("{\"seq\"", "{\"later\":[{\"x\":1}],\"seq\"", StringComparison.Ordinal).Replace("call.decided", "later.kind", StringComparison.Ordinal);

        Assert.Equal("later.kind", Samples.Entry(line)?.Kind);
    }

    [Fact]
    public void Fields_of_the_wrong_type_read_as_if_they_were_not_there()
    {
        var line = Samples.Text(Samples.Whole).Replace("\"pod\":{", "\"pod\":7,\"x\":{", StringComparison.Ordinal).Replace("\"durationMs\":1.25", "\"durationMs\":1e300", StringComparison.Ordinal);

        var entry = Samples.Entry(line);

        Assert.NotNull(entry);
        Assert.Equal((null, null), (entry.Pod, entry.Duration));
    }
}
