namespace CriGuard.TestBed.Calls;

/// <summary>Everything that a unary call brought back, as it came: what two ways to one runtime are compared by.</summary>
/// <param name="Code">gRPC status code, 0 for success.</param>
/// <param name="Text">gRPC status message, percent-decoded.</param>
/// <param name="Messages">The message bodies without their prefixes.</param>
/// <param name="Trailers">Trailers other than the status, in the order of arrival.</param>
public sealed record GrpcReply(int Code, string Text, IReadOnlyList<byte[]> Messages, IReadOnlyList<string> Trailers);
