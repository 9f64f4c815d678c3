using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CriGuard.Node;

/// <summary>Runs scripts as root of the machine, each over a connection of its own.</summary>
public sealed class Shell(EndPoint server)
{
    private const string Mark = "\nended with ";

    /// <returns>What the script wrote, to its standard error too, without the white space around it.</returns>
    /// <exception cref="InvalidOperationException">It did not end with 0, or the machine is gone.</exception>
    public async Task<string> RunAsync(string script, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(server, cancellation);
        await using var stream = new NetworkStream(socket);

        // The shell obeys what it has read so far, so all of it is one group with one exit code.
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"(\nset -e\n{script}\n) 2>&1 < /dev/null; printf '\\nended with %s' $?; exit\n"), cancellation);
        using var reader = new StreamReader(stream);
        var said = await reader.ReadToEndAsync(cancellation);
        var end = said.LastIndexOf(Mark, StringComparison.Ordinal);
        return end >= 0 && said[(end + Mark.Length)..] == "0"
            ? said[..end].Trim()
            : throw new InvalidOperationException($"`{script}` did not succeed in the machine: {said}");
    }
}
