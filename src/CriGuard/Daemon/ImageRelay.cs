using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Relay;

namespace CriGuard.Daemon;

/// <summary>Image calls to an image service that is not the runtime's: unjudged, as the relay would carry them.</summary>
internal sealed class ImageRelay(UnixEndpoint endpoint) : IDisposable
{
    private readonly RuntimeChannel _channel = new(endpoint.Path);

    public Task ServeAsync(LiftedCall call) => _channel.PassOnAsync(call);

    public void Dispose() => _channel.Dispose();
}
