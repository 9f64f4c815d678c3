using System.Buffers.Binary;

namespace CriGuard.Grpc.Http2;

/// <summary>Reads SETTINGS payloads and knows the bounds of their values (RFC 9113 section 6.5).</summary>
public static class Settings
{
    private const uint LargestWindow = int.MaxValue;
    private const uint LargestFrame = (1 << 24) - 1;

    /// <summary>The entries in the order in which they apply (RFC 9113 section 6.5.3); octets after the last whole one are left out.</summary>
    public static Enumerator Enumerate(ReadOnlySpan<byte> payload) => new(payload);

    /// <summary>The first entry of <paramref name="payload"/>; false when there is no whole one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Setting setting)
    {
        if (payload.Length < Setting.Size)
        {
            setting = default;
            return false;
        }

        // 00 04  00 00 ff ff
        // id     value
        setting = new Setting((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload), BinaryPrimitives.ReadUInt32BigEndian(payload[2..]));
        return true;
    }

    /// <summary>The connection error of a value out of bounds (RFC 9113 section 6.5.2), or <see cref="ErrorCode.NoError"/>.</summary>
    public static ErrorCode Check(Setting setting) => setting switch
    {
        { Id: SettingId.EnablePush, Value: > 1 } => ErrorCode.ProtocolError,
        { Id: SettingId.InitialWindowSize, Value: > LargestWindow } => ErrorCode.FlowControlError,
        { Id: SettingId.MaxFrameSize, Value: < FrameRules.DefaultMaxFrameSize or > LargestFrame } => ErrorCode.ProtocolError,
        { Id: SettingId.EnableConnectProtocol, Value: > 1 } => ErrorCode.ProtocolError, // RFC 8441 section 3
        _ => ErrorCode.NoError,
    };

    /// <summary>Walks the entries of one payload, for <c>foreach</c>.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private Setting _current;

        internal Enumerator(ReadOnlySpan<byte> payload)
        {
            _rest = payload;
            _current = default;
        }

        public readonly Setting Current => _current;

        public bool MoveNext()
        {
            if (!TryParse(_rest, out _current))
                return false;
            _rest = _rest[Setting.Size..];
            return true;
        }

        public readonly Enumerator GetEnumerator() => this;
    }
}
