using System.Text;
using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>What the kubelet makes of a `subPathExpr` (kubernetes, third_party/forked/golang/expansion), as far as a manifest tells it.</summary>
internal static class SubPath
{
    /// <summary>Null where a variable is of what the manifest does not tell: a ConfigMap, the node, the container's resources.</summary>
    public static string? Expand(string expression, PodTemplate pod, PodContainer container, PodSandboxConfig sandbox) =>
        Expand(expression, name => Value(name, container.Field["env"].Items.Length, pod, container, sandbox));

    /// <summary>`$(NAME)` is a variable, `$$` a `$`, and any other `$` stands for itself.</summary>
    private static string? Expand(string expression, Func<string, string?> value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < expression.Length; i++)
        {
            var next = expression[i] == '$' && i + 1 < expression.Length ? expression[i + 1] : '\0';
            if (next == '$')
                i++;
            if (next != '(' || expression.IndexOf(')', i) is not (> 0 and var end))
            {
                text.Append(expression[i]);
                continue;
            }

            if (value(expression[(i + 2)..end]) is not { } known)
                return null;
            text.Append(known);
            i = end;
        }

        return text.ToString();
    }

    /// <summary>The last of a name counts, and each sees only those before it.</summary>
    private static string? Value(string name, int before, PodTemplate pod, PodContainer container, PodSandboxConfig sandbox)
    {
        var variables = container.Field["env"].Items;
        for (var i = before - 1; i >= 0; i--)
        {
            if (variables[i]["name"].Text != name)
                continue;
            var number = i;
            return variables[i]["valueFrom"].Exists
                ? Reference(variables[i]["valueFrom"]["fieldRef"]["fieldPath"].Text, pod, sandbox)
                : Expand(variables[i]["value"].Text ?? "", other => Value(other, number, pod, container, sandbox));
        }

        return null;
    }

    private static string? Reference(string? path, PodTemplate pod, PodSandboxConfig sandbox) => path switch
    {
        "metadata.name" => sandbox.Metadata.Name,
        "metadata.namespace" => sandbox.Metadata.Namespace,
        "metadata.uid" => sandbox.Metadata.Uid,
        "spec.serviceAccountName" => pod.Spec["serviceAccountName"].Text ?? "default",
        _ when path?.Split('\'') is ["metadata.labels[", var label, "]"] => sandbox.Labels.GetValueOrDefault(label, ""),
        _ when path?.Split('\'') is ["metadata.annotations[", var annotation, "]"] => sandbox.Annotations.GetValueOrDefault(annotation, ""),
        _ => null,
    };
}
