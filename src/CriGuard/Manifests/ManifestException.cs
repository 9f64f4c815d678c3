namespace CriGuard.Manifests;

/// <summary>Manifests that cannot be explained, and what to do about it.</summary>
internal sealed class ManifestException(string message) : Exception(message);
