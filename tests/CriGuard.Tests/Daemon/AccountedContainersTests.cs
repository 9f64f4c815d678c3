using CriGuard.Core.Events;
using CriGuard.Daemon;
using CriGuard.Store.Events;

namespace CriGuard.Tests.Daemon;

public sealed class AccountedContainersTests : IDisposable
{
    private const string Create = "runtime.v1.RuntimeService/CreateContainer";

    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task T_C8_a_container_is_accounted_for_by_the_log_of_an_earlier_run()
    {
        await LogAsync(Answered("c1"), Answered("c2") with { Answer = new RuntimeAnswer(13, "no") }, Answered("c3") with { Kind = EventKinds.CallDecided });
        await LogAsync(
            Answered("c4") with { Method = "runtime.v1.RuntimeService/StartContainer" },
            Answered("") with { Method = "runtime.v1.RuntimeService/RestorePod", Details = [new("container.web", "c5")] });
        var accounted = new AccountedContainers(_directory.File("events"));

        var has = new List<bool?>();
        foreach (var id in (string[])["c1", "c2", "c3", "c4", "c5", "c", "c6"])
            has.Add(await accounted.HasAsync(id, "5a17", default));

        Assert.Equal([true, false, false, false, true, false, false], has);
    }

    [Fact]
    public async Task T_C8_a_start_waits_for_the_creation_under_way_in_its_sandbox_and_no_other()
    {
        await LogAsync();
        var accounted = new AccountedContainers(_directory.File("events"));
        using var elsewhere = accounted.Begin("other");
        var creation = accounted.Begin("5a17");

        var start = accounted.HasAsync("c1", "5a17", default);
        Assert.False(start.IsCompleted);
        creation.Made = ["c1"];
        creation.Dispose();

        Assert.True(await start);
    }

    [Fact]
    public async Task T_C8_a_log_that_cannot_be_read_accounts_for_nothing() =>
        Assert.Null(await new AccountedContainers(_directory.File("nowhere")).HasAsync("c1", "5a17", default));

    [Fact]
    public async Task T_C8_what_is_forgotten_is_found_in_the_log_again()
    {
        await LogAsync(Answered("c0"));
        var accounted = new AccountedContainers(_directory.File("events"));
        using (var first = accounted.Begin(""))
            first.Made = ["c0", "unlogged"];
        Assert.True(await accounted.HasAsync("unlogged", "", default));
        using (var many = accounted.Begin(""))
            many.Made = [.. Enumerable.Range(0, AccountedContainers.MostKept).Select(static n => $"n{n}")];

        Assert.Equal([true, false], [await accounted.HasAsync("c0", "", default), await accounted.HasAsync("unlogged", "", default)]);
    }

    public void Dispose() => _directory.Dispose();

    private async Task LogAsync(params EventRecord[] records)
    {
        using var log = EventLog.Open(_directory.File("events"), new EventLogOptions { Node = "test" });
        foreach (var record in records)
            await log.AppendAsync(record);
    }

    private static EventRecord Answered(string container) => new()
    {
        Kind = EventKinds.CallAnswered,
        Time = DateTimeOffset.UnixEpoch,
        Node = "test",
        Method = Create,
        ContainerId = container,
        Answer = new RuntimeAnswer(0, ""),
    };
}
