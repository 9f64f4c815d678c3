using FsCheck;

namespace CriGuard.Grpc.Tests.Relay;

public sealed class DifferentialTests
{
    private static readonly string[] s_methods = ["Unary", "Stream", "Fail", "Refuse"];

    /// <summary>One call of a sequence; <c>Lifted</c> decides which way it takes through the relay and changes nothing else.</summary>
    public sealed record Step(int Method, bool Lifted, int Count, int Size, byte Header)
    {
        public string MethodName => s_methods[Method];

        public string Way => Lifted ? $"Lift{MethodName}" : MethodName;
    }

    [Fact]
    public async Task Any_sequence_of_calls_gives_the_same_replies_straight_and_through_the_relay()
    {
        await using var route = await Route.StartAsync();
        var step = from method in Gen.Choose(0, s_methods.Length - 1)
                   from lifted in Arb.Generate<bool>()
                   from count in Gen.Choose(0, 5)
                   from size in Gen.Frequency(Tuple.Create(8, Gen.Choose(0, 300)), Tuple.Create(1, Gen.Choose(10_000, 200_000)))
                   from header in Arb.Generate<byte>()
                   select new Step(method, lifted, count, size, header);
        var property = Prop.ForAll(Arb.From(Gen.ListOf(12, step)), steps => AllEqual(route, [.. steps]).GetAwaiter().GetResult());
        var configuration = new Configuration { MaxNbOfTest = 25, QuietOnSuccess = true, Runner = Config.QuickThrowOnFailure.Runner };
        await Task.Run(() => property.Check(configuration));
    }

    private static async Task<bool> AllEqual(Route route, Step[] steps)
    {
        var straight = await Task.WhenAll(steps.Select(s => route.Straight.CallAsync(s.MethodName, Request(s), Headers(s))));
        var through = await Task.WhenAll(steps.Select(s => route.Through.CallAsync(s.Way, Request(s), Headers(s))));
        return straight.Zip(through).All(pair => Same(pair.First, pair.Second));
    }

    private static byte[] Request(Step step) => step.MethodName is "Stream" ? Framing.StreamRequest(step.Count, step.Size) : new byte[step.Size];

    private static (string, string)[] Headers(Step step) => [("x-octets-bin", Convert.ToBase64String([step.Header])), ("x-count", $"{step.Count}")];

    private static bool Same(CallReply one, CallReply other) =>
        one.Headers.SequenceEqual(other.Headers)
        && one.Trailers.SequenceEqual(other.Trailers)
        && one.Messages.Count == other.Messages.Count
        && one.Messages.Zip(other.Messages).All(m => m.First.AsSpan().SequenceEqual(m.Second));
}
