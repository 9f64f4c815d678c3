using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CriGuard.TestBed;

/// <summary>The network namespace of a node.</summary>
internal static class NodeNetwork
{
    // CLONE_NEWNET of linux/sched.h.
    private const int NetworkKind = 0x40000000;

    /// <summary>Connects from within a network namespace; the socket stays in it.</summary>
    /// <param name="path">Such as `/proc/PID/ns/net`.</param>
    /// <param name="port">Of 127.0.0.1 there.</param>
    public static async Task<Stream> ConnectAsync(string path, int port)
    {
        // A socket belongs to the namespace of the thread that makes it (setns(2)), and this thread does nothing else.
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                made.SetResult(Enter(path));
            }
            catch (Exception e)
            {
                made.SetException(e);
            }
        }) { IsBackground = true }.Start();
        var socket = await made.Task;
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Enter(string path)
    {
        using var space = File.OpenHandle(path);
        if (SetNamespace(space, NetworkKind) != 0)
            throw new IOException($"`{path}` cannot be entered: {Marshal.GetLastPInvokeErrorMessage()}");
        return new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(SafeHandle space, int kind);
}
