using System.Text;
using CriGuard.Cri.Methods;

namespace CriGuard.Daemon;

/// <summary>Which calls leave the frame relay.</summary>
internal static class LiftRules
{
    /// <summary>All that the method table does not simply relay.</summary>
    public static bool IsLifted(ReadOnlySpan<byte> path) => MethodTable.Of(path) != Treatment.Relay;

    /// <summary>The same, and relayed image calls too: they lead to another socket than the connection's.</summary>
    public static bool IsLiftedOrImage(ReadOnlySpan<byte> path) => IsLifted(path) || IsImageService(path);

    /// <summary>True for calls that go to the image endpoint unjudged.</summary>
    public static bool IsImage(string path)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(path);
        return !IsLifted(bytes) && IsImageService(bytes);
    }

    /// <summary>True for calls of the image service, judged or not.</summary>
    public static bool IsImageService(string path) => IsImageService(Encoding.ASCII.GetBytes(path));

    private static bool IsImageService(ReadOnlySpan<byte> path) => MethodPath.TryParse(path, out var parsed) && parsed.Service.EndsWith(".ImageService"u8);
}
