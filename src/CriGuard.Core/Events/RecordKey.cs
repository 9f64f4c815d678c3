using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Events;

/// <summary>What makes two recorded calls the same: digests, since what they are made of is written by tenants and may be long.</summary>
internal static class RecordKey
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
        parts.AddRange(DecidedParts(record));
        return Of(parts);
    }

    /// <summary>A command in a container: by the same process, decided alike, to the last argument.</summary>
    public static UInt128 Probe(EventRecord record, Caller caller, UInt128 command)
    {
        List<string> parts = [.. PodParts(record.Pod), record.Method, record.SandboxId, record.ContainerName, record.ContainerId, command.ToString("x32", CultureInfo.InvariantCulture)];
        parts.AddRange([caller.Pid.ToString(CultureInfo.InvariantCulture), caller.Uid.ToString(CultureInfo.InvariantCulture), caller.Executable]);
        // What is novel the first time is not the second.
        parts.AddRange(DecidedParts(record with { Details = record.Details.RemoveAll(static d => d.Key == ProbeTally.NovelDetail) }));
        return Of(parts);
    }

    private static IEnumerable<string> DecidedParts(EventRecord record)
    {
        foreach (var (name, value) in record.Details)
        {
            yield return name;
            yield return value;
        }

        if (record.Verdict is not { } verdict)
            yield break;
        yield return verdict.Revision;
        foreach (var finding in verdict.Findings)
        {
            foreach (string part in (string[])[finding.Rule, $"{finding.Control} {finding.Mode} {finding.Effect}", finding.Field, finding.Message, finding.Remedy])
                yield return part;
        }
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
