namespace CriGuard.Grpc.Sockets;

/// <summary>Threads that wait in sockets, away from the pool, with stacks as small as their work.</summary>
internal static class SocketThread
{
    private const int StackSize = 256 * 1024;

    public static void Start(string name, ThreadStart work) =>
        new Thread(work, StackSize) { Name = name, IsBackground = true }.Start();
}
