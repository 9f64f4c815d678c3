using CriGuard.Core.Policy;
using CriGuard.Store.Policies;

namespace CriGuard.Store.Tests.Policies;

/// <summary>YAML that is written for others, as Kubernetes manifests are.</summary>
public sealed class ForeignYamlTests
{
    [Fact]
    public void Every_document_is_read()
    {
        Assert.Equal(["{a: 1}", "[b]", "{c: {d: 2}}"], Read("a: 1\n---\n- b\n---\nc: {d: 2}\n"));
    }

    [Fact]
    public void An_alias_is_what_its_anchor_has()
    {
        Assert.Equal(["{a: {x: 1}, b: [{x: 1}, {x: 1}]}"], Read("a: &x {x: 1}\nb: [*x, *x]\n"));
    }

    [Theory]
    [InlineData("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n", "{a: {k: 1, l: 2}, b: {k: 3, l: 2}}")]
    [InlineData("b: {<<: [{k: 1}, {k: 2, l: 2}]}\n", "{b: {k: 1, l: 2}}")]
    [InlineData("'<<': 1\n", "{<<: 1}")]
    public void A_merge_key_adds_what_is_not_there(string text, string read) => Assert.Equal([read], Read(text));

    [Theory]
    [InlineData("a: *x\n", "m.yaml:1:4: `*x` names no anchor that is complete before it: write the value out")]
    [InlineData("a: &x [*x]\n", "m.yaml:1:8: `*x` names no anchor that is complete before it: write the value out")]
    [InlineData("a: &x 1\n---\nb: *x\n", "m.yaml:3:4: `*x` names no anchor that is complete before it: write the value out")]
    [InlineData("<<: 1\n", "m.yaml:1:5: `<<` merges a single value: write a map, or a list of maps")]
    [InlineData("a: !mine 1\n", "m.yaml:1:4: `!mine` is a tag: leave it out")]
    [InlineData("a: 1\n---\na: [\n", "m.yaml:4:1: not valid YAML: while parsing a node, did not find expected node content")]
    public void What_cannot_be_read_is_said_with_its_place(string text, string error)
    {
        var errors = new List<PolicyError>();

        YamlTree.ReadForeign("m.yaml", text, errors);

        Assert.Equal([error], errors.Select(static e => e.ToString()));
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        var errors = new List<PolicyError>();

        YamlTree.ReadForeign("m.yaml", new string('[', 10_000), errors);

        Assert.Equal(["m.yaml:1:66: nested deeper than 64 levels: no manifest needs that"], errors.Select(static e => e.ToString()));
    }

    private static IEnumerable<string> Read(string text)
    {
        var errors = new List<PolicyError>();
        var documents = YamlTree.ReadForeign("m.yaml", text, errors);
        Assert.Empty(errors);
        return documents.Select(Written);
    }

    private static string Written(Node node) => node switch
    {
        TextNode text => text.Text,
        ListNode list => $"[{string.Join(", ", list.Items.Select(Written))}]",
        MapNode map => $"{{{string.Join(", ", map.Entries.Select(static e => $"{e.Key.Text}: {Written(e.Value)}"))}}}",
        _ => "?",
    };
}
