using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CriGuard.Linux.Systemd;

/// <summary>Listening sockets that systemd opened for us before we started (sd_listen_fds(3)).</summary>
public static partial class SocketActivation
{
    /// <summary>SD_LISTEN_FDS_START: the first descriptor that is passed.</summary>
    private const int FirstDescriptor = 3;

    /// <summary>Enough for any unit, and a bound on what a wrong environment can make us touch.</summary>
    private const int MostSockets = 64;

    private const int SetDescriptorFlags = 2; // F_SETFD

    private const int CloseOnExec = 1; // FD_CLOEXEC

    /// <summary>
    /// How many descriptors are meant for this process; false where none are. The variables of a parent that was activated are inherited
    /// by its children, and `LISTEN_PID` tells them that they are not meant.
    /// </summary>
    public static bool TryParse(string? listenPid, string? listenFds, int processId, out int count)
    {
        count = 0;
        return int.TryParse(listenPid, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid == processId
            && int.TryParse(listenFds, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is > 0 and <= MostSockets;
    }

    /// <summary>The sockets that the environment announces, in the order of the unit; none outside of socket activation.</summary>
    /// <exception cref="Win32Exception">A descriptor that was announced is not open.</exception>
    /// <exception cref="SocketException">A descriptor that was announced is no socket.</exception>
    public static IReadOnlyList<Socket> TakeFromEnvironment() => TryParse(
        Environment.GetEnvironmentVariable("LISTEN_PID"), Environment.GetEnvironmentVariable("LISTEN_FDS"), Environment.ProcessId, out var count)
            ? Take(FirstDescriptor, count)
            : [];

    /// <summary>Takes over a run of descriptors; they are closed to programs that we start.</summary>
    /// <exception cref="Win32Exception">A descriptor is not open.</exception>
    /// <exception cref="SocketException">A descriptor is no socket.</exception>
    public static IReadOnlyList<Socket> Take(int first, int count)
    {
        var sockets = new Socket[count];
        for (var i = 0; i < count; i++)
        {
            if (Control(first + i, SetDescriptorFlags, CloseOnExec) < 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError(), $"descriptor `{first + i}` announced by LISTEN_FDS is not open");
            sockets[i] = new Socket(new SafeSocketHandle(first + i, ownsHandle: true));
        }

        return sockets;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);
}
