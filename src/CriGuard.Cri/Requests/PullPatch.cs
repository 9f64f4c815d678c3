using CriGuard.Core.Policy;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Requests;

/// <summary>Edits of PullImage.</summary>
internal static class PullPatch
{
    public static void Write(PullImageRequest request, Edit edit)
    {
        if (edit is not Edit.RuntimeHandler handler)
            throw new ArgumentException($"edit `{edit.GetType().Name}` has no place in PullImage", nameof(edit));
        request.Image ??= new ImageSpec();
        request.Image.RuntimeHandler = handler.Handler;
    }
}
