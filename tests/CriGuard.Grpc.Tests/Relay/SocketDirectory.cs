namespace CriGuard.Grpc.Tests.Relay;

/// <summary>A directory for sockets with a path short enough for sun_path (108 octets, unix(7)).</summary>
public sealed class SocketDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cg-");

    public string Path(string name) => System.IO.Path.Combine(_directory.FullName, name);

    public void Dispose() => _directory.Delete(recursive: true);
}
