using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CriGuard.Linux.Systemd;

/// <summary>Tells systemd how the service is (sd_notify(3)). Without systemd nothing is said, and nothing fails.</summary>
/// <param name="address">`NOTIFY_SOCKET`: a path, or `@` and an abstract name; null outside of systemd.</param>
public sealed class SystemdNotify(string? address)
{
    /// <summary>A day, in microseconds: what is longer watches nothing.</summary>
    private const long LongestPeriod = 86_400_000_000;

    /// <summary>For the socket that the environment names.</summary>
    public static SystemdNotify FromEnvironment() => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    /// <summary>How long systemd waits for a sign of life (sd_watchdog_enabled(3)); null where it does not.</summary>
    /// <param name="microseconds">`WATCHDOG_USEC`.</param>
    /// <param name="watchedPid">`WATCHDOG_PID`, where another process than the one that reads it may be meant.</param>
    /// <param name="processId">The one that reads it.</param>
    public static TimeSpan? WatchdogPeriod(string? microseconds, string? watchedPid, int processId) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var period) && period is > 0 and <= LongestPeriod
            && (string.IsNullOrEmpty(watchedPid) || watchedPid == processId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(period)
            : null;

    /// <summary>For this process.</summary>
    public static TimeSpan? WatchdogPeriodFromEnvironment() => WatchdogPeriod(
        Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"), Environment.ProcessId);

    /// <summary>Start-up is done; units that come after us may start.</summary>
    public bool Ready() => Send("READY=1");

    public bool Stopping() => Send("STOPPING=1");

    /// <summary>Still alive; systemd restarts a service that has `WatchdogSec=` and does not say so in time.</summary>
    public bool Alive() => Send("WATCHDOG=1");

    /// <summary>One line for `systemctl status`; whatever follows a newline would be read as another message and is cut off.</summary>
    public bool Status(string line) => Send($"STATUS={line.AsSpan(0, line.AsSpan().IndexOf('\n') is var end and >= 0 ? end : line.Length)}");

    /// <summary>False where nobody listens: that is no reason to stop.</summary>
    private bool Send(string message)
    {
        if (string.IsNullOrEmpty(address) || address[0] is not ('/' or '@'))
            return false;

        try
        {
            var path = address[0] == '@' ? string.Concat("\0", address.AsSpan(1)) : address;
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return false;
        }
    }
}
