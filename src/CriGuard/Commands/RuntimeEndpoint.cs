using System.CommandLine;
using CriGuard.Daemon;

namespace CriGuard.Commands;

/// <summary>The flags of every command that asks the runtime itself.</summary>
internal static class RuntimeEndpoint
{
    private const string DefaultPath = "/run/containerd/containerd.sock";

    public static UnixEndpoint Default { get; } = new(DefaultPath);

    public static Option<UnixEndpoint?> Runtime() => Runtime($"socket of containerd or CRI-O (default: unix://{DefaultPath}); it is only asked");

    public static Option<UnixEndpoint?> Runtime(string description) => Flag("--runtime-endpoint", description);

    public static Option<UnixEndpoint?> Image() => Flag("--image-endpoint", "socket of the image service, where it is not the runtime's");

    private static Option<UnixEndpoint?> Flag(string name, string description) => new(name)
    {
        HelpName = "unix://PATH",
        Description = description,
        CustomParser = result =>
        {
            if (UnixEndpoint.TryParse(result.Tokens[0].Value, out var endpoint, out string error))
                return endpoint;
            result.AddError($"`{name}` {error}");
            return null;
        },
    };
}
