using System.Runtime.InteropServices;
using System.Text;

namespace CriGuard.Grpc.Calls;

/// <summary>One header or trailer as it is on the wire: binary values stay in the base64 in which they were sent.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Value">The octets as sent.</param>
/// <param name="NeverIndexed">The sender asked that no hop keep it in a table (RFC 7541 section 7.1.3).</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MetadataEntry(string Name, ReadOnlyMemory<byte> Value, bool NeverIndexed)
{
    /// <summary>The value as text, an octet a character (RFC 9110 section 5.5).</summary>
    public string Text => Encoding.Latin1.GetString(Value.Span);
}
