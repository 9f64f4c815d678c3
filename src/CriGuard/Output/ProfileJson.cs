using System.Text.Json;
using CriGuard.Core.Profiles.Seccomp.Bases;

namespace CriGuard.Output;

// list:    [{"name":"default","about":"ordinary containers"}]
// lint:    {"file":"web.json","kind":"seccomp","sound":true,"errors":[{"line":3,"column":5,"message":"…"}],"notes":["…"],"permits":["mount"],"deniesNothing":false}
// diff:    [{"call":"ptrace","one":"allow","other":"errno EPERM"}]
// compose: [{"pod":"dev/web","container":"web","outcome":"composed","given":"","file":"3e0b….json","calls":312,"permits":[],"tooFine":[]}]

/// <summary>What `criguard profile` says, for programs.</summary>
internal static class ProfileJson
{
    public static void WriteBases(TextWriter output, IEnumerable<SeccompBase> bases) => WriteAll(output, bases, static (json, one) =>
    {
        json.WriteString("name", one.Name);
        json.WriteString("about", one.About);
    });

    public static void Write(TextWriter output, string file, WeighedProfile weighed) => JsonText.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("file", file);
        json.WriteString("kind", weighed.Kind);
        json.WriteBoolean("sound", weighed.IsSound);
        json.WriteStartArray("errors");
        foreach (var error in weighed.Errors)
        {
            json.WriteStartObject();
            json.WriteNumber("line", error.At.Line);
            json.WriteNumber("column", error.At.Column);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStrings("notes", weighed.Notes);
        json.WriteStrings("permits", weighed.Permits);
        json.WriteBoolean("deniesNothing", weighed.DeniesNothing);
        json.WriteEndObject();
    });

    public static void Write(TextWriter output, IEnumerable<DifferentCall> calls) => WriteAll(output, calls, static (json, call) =>
    {
        json.WriteString("call", call.Call);
        json.WriteString("one", call.One);
        json.WriteString("other", call.Other);
    });

    public static void Write(TextWriter output, IEnumerable<ComposedProfile> profiles) => WriteAll(output, profiles, static (json, profile) =>
    {
        json.WriteString("pod", profile.Pod);
        json.WriteString("container", profile.Container);
        json.WriteString("outcome", profile.Outcome);
        json.WriteString("given", profile.Given);
        json.WriteString("file", profile.File);
        json.WriteNumber("calls", profile.Calls);
        json.WriteStrings("permits", profile.Permits);
        json.WriteStrings("tooFine", profile.TooFine);
    });

    private static void WriteAll<T>(TextWriter output, IEnumerable<T> items, Action<Utf8JsonWriter, T> members) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
