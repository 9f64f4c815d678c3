namespace CriGuard.TestBed;

/// <summary>The Go client of `tests/go-client`: a real grpc-go whose `:authority` is the path of the socket.</summary>
public static class GoClient
{
    private static readonly Lazy<Task<string>> Program = new(BuildAsync);

    /// <summary>Makes the calls of a kubelet that comes up, then <paramref name="parallel"/> of them at once.</summary>
    /// <returns>One line of JSON for each of the first calls.</returns>
    /// <exception cref="InvalidOperationException">A call did not end as it must.</exception>
    public static async Task<string> RunAsync(string socketPath, int parallel) =>
        await Command.OutputAsync(await Program.Value, socketPath, $"{parallel}");

    /// <summary>Builds what stands in for a kubelet on a node without one.</summary>
    public static Task BuildKubeletAsync(string file) => Command.OutputAsync(Path.Combine(Checkout.Root, "tests", "go-client", "build"), file, "kubelet");

    private static async Task<string> BuildAsync()
    {
        var program = Path.Combine(Checkout.Root, "artifacts", "go-client");
        await Command.OutputAsync(Path.Combine(Checkout.Root, "tests", "go-client", "build"), program);
        return program;
    }
}
