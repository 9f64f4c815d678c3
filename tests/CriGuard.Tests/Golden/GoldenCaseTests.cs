using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using CriGuard.Golden;
using CriGuard.Tests.Repository;
using Google.Protobuf;

namespace CriGuard.Tests.Golden;

/// <summary>The decisions of tests/golden, by the runner that `criguard policy test` has.</summary>
public sealed class GoldenCaseTests
{
    public static TheoryData<string> Cases { get; } = [.. GoldenRun.Find(Checkout.Path("tests", "golden")).Select(static f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_is_decided_as_its_verdict_says(string name)
    {
        var result = GoldenRun.Run(Checkout.Path("tests", "golden", name));
        Assert.Equal(result.Expected, result.Actual);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_was_changed_on_the_wire_needs_no_further_change(string name)
    {
        var golden = GoldenCaseReader.Read(Checkout.Path("tests", "golden", name));
        if (!golden.Decide().TryPermit(out var permit, out _) || permit.Changes.IsEmpty)
            return;
        var changed = golden.Method switch
        {
            "RunPodSandbox" => Again<RunPodSandboxRequest>(RequestPatcher.Apply(Receive<RunPodSandboxRequest>(golden.Request), permit.Changes)),
            "PullImage" => Again<PullImageRequest>(RequestPatcher.Apply(Receive<PullImageRequest>(golden.Request), permit.Changes)),
            _ => Again<CreateContainerRequest>(RequestPatcher.Apply(Receive<CreateContainerRequest>(golden.Request), permit.Changes)),
        };
        Assert.Empty((golden with { Request = changed }).Decide().Changes);
    }

    public static TheoryData<string> Shipped { get; } =
        [.. Directory.GetFiles(Checkout.Path("profiles", "policies"), "*.yaml").Select(static f => Path.GetFileNameWithoutExtension(f))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_policy_has_its_cases_and_decides_them_so(string policy)
    {
        var cases = GoldenRun.Find(Checkout.Path("profiles", "policies", "cases", policy));
        Assert.NotEmpty(cases);
        Assert.All(cases, static folder => Assert.Equal(GoldenRun.Run(folder).Expected, GoldenRun.Run(folder).Actual));
        Assert.All(cases, folder => Assert.Equal(
            File.ReadAllText(Checkout.Path("profiles", "policies", policy + ".yaml")), File.ReadAllText(Path.Combine(folder, "policy.yaml"))));
    }

    [Fact]
    public void There_is_a_folder_of_cases_and_it_is_not_empty() => Assert.InRange(Cases.Count, 25, int.MaxValue);

    private static string Again<T>(ReadOnlyMemory<byte> message)
        where T : class, IMessage<T>, new() => new MessageParser<T>(static () => new T()).ParseFrom(message.Span).ToString()!;

    private static Received<T> Receive<T>(string json)
        where T : class, IMessage<T>, new()
    {
        Assert.True(Received.TryParse<T>(JsonParser.Default.Parse<T>(json).ToByteArray(), out var request));
        return request;
    }
}
