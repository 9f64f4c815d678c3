using System.CommandLine;
using CriGuard.Daemon;

namespace CriGuard.Commands;

/// <summary>The flags that name the socket of a runtime or an image service.</summary>
internal static class EndpointFlag
{
    public const string Default = "unix:///run/containerd/containerd.sock";

    public static Option<UnixEndpoint?> Of(string name, string description) => new(name)
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
