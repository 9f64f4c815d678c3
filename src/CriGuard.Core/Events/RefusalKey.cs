using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Events;

/// <summary>What makes two refused calls the same: digests, since what they are made of is written by tenants and may be long.</summary>
internal static class RefusalKey
{
    /// <summary>The pod, by all that names it: a direct client of the runtime may leave out or double any part.</summary>
    public static UInt128 Pod(EventRecord record) => Of(PodParts(record.Pod));

    /// <summary>The pod, the method and the container.</summary>
    public static UInt128 Subject(EventRecord record) => Of([.. PodParts(record.Pod), record.Method, record.ContainerName]);

    /// <summary>The same, who calls, what else is recorded, and all that was decided: another process that is refused alike is not the kubelet trying again.</summary>
    public static UInt128 Refusal(EventRecord record)
    {
        List<string> parts = [.. PodParts(record.Pod), record.Method, record.ContainerName];
        if (record.Caller is { } caller)
            parts.AddRange([caller.Uid.ToString(CultureInfo.InvariantCulture), caller.Executable]);
        foreach (var (name, value) in record.Details)
            parts.AddRange([name, value]);
        if (record.Verdict is { } verdict)
        {
            parts.Add(verdict.Revision);
            foreach (var finding in verdict.Findings)
                parts.AddRange([finding.Rule, $"{finding.Control} {finding.Mode} {finding.Effect}", finding.Field, finding.Message, finding.Remedy]);
        }

        return Of(parts);
    }

    private static string[] PodParts(PodIdentity? pod) => pod is null ? [] : [pod.Namespace, pod.Name, pod.Uid];

    // Each with its length before it: `ab`, `c` is not `a`, `bc`.
    private static UInt128 Of(IEnumerable<string> parts)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(sizeof(int)), part.Length);
            bytes.Advance(sizeof(int));
            bytes.Write(MemoryMarshal.AsBytes(part.AsSpan()));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.WrittenSpan, digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
