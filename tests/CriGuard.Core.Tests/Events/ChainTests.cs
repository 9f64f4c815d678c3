using CriGuard.Core.Events;

namespace CriGuard.Core.Tests.Events;

public sealed class ChainTests
{
    private const int Events = 6;

    [Fact]
    public void Lines_as_they_were_written_have_no_fault()
    {
        var (lines, head) = Samples.Log(Events);

        Assert.Null(Fault(lines, head));
    }

    [Fact]
    public void Lines_behind_the_head_are_proved_by_the_chain_alone()
    {
        var (lines, _) = Samples.Log(Events);

        Assert.Null(Fault(lines, new ChainPosition(3, LineHash.Of(lines[2]))));
    }

    [Fact]
    public void Every_flipped_bit_names_its_line()
    {
        var (lines, head) = Samples.Log(3);
        foreach (var (line, number) in lines.Select(static (line, index) => (line, index + 1L)))
        {
            for (var bit = 0; bit < line.Length * 8; bit++)
            {
                line[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Equal((ChainFaultKind.Changed, number), Found(lines, head));
                line[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void A_digit_of_the_previous_hash_names_the_line_that_carries_it()
    {
        for (var index = 0; index < Events; index++)
        {
            var (lines, head) = Samples.Log(Events);
            lines[index][^3] = lines[index][^3] == 'a' ? (byte)'b' : (byte)'a';
            Assert.Equal((ChainFaultKind.Changed, index + 1L), Found(lines, head));
        }
    }

    [Fact]
    public void A_line_that_is_gone_is_missing_and_at_the_end_it_is_cut_off()
    {
        for (var index = 0; index < Events; index++)
        {
            var (lines, head) = Samples.Log(Events);
            lines.RemoveAt(index);
            Assert.Equal((index == Events - 1 ? ChainFaultKind.Truncated : ChainFaultKind.Missing, index + 1L), Found(lines, head));
        }
    }

    [Fact]
    public void Swapped_lines_are_out_of_order_however_far_apart()
    {
        for (var first = 0; first < Events; first++)
        {
            for (var second = first + 1; second < Events; second++)
            {
                var (lines, head) = Samples.Log(Events);
                (lines[first], lines[second]) = (lines[second], lines[first]);
                Assert.Equal((ChainFaultKind.Reordered, first + 1L), Found(lines, head));
            }
        }
    }

    [Fact]
    public void A_line_that_stands_twice_is_out_of_order()
    {
        for (var index = 0; index < Events; index++)
        {
            var (lines, head) = Samples.Log(Events);
            lines.Insert(index, lines[index]);
            Assert.Equal((ChainFaultKind.Reordered, index + 2L), Found(lines, head));
        }
    }

    [Fact]
    public void A_log_written_anew_from_some_line_on_does_not_meet_its_head()
    {
        var (lines, _) = Samples.Log(Events);

        Assert.Equal((ChainFaultKind.Changed, (long)Events), Found(lines, new ChainPosition(Events, LineHash.Of("another"u8))));
    }

    [Fact]
    public void An_empty_log_whose_head_has_events_was_cut_off()
    {
        var fault = Fault([], new ChainPosition(3, LineHash.None));

        Assert.Equal("sequences 1 to 3 were cut off the end: the head file has them", fault?.Message);
    }

    [Fact]
    public void The_message_tells_which_sequences_are_gone()
    {
        var (lines, head) = Samples.Log(Events);
        lines.RemoveRange(1, 2);

        Assert.Equal("sequences 2 to 3 were taken out before this line", Fault(lines, head)?.Message);
    }

    private static (ChainFaultKind, long)? Found(List<byte[]> lines, ChainPosition head) => Fault(lines, head) is { } fault ? (fault.Kind, fault.Place.Line) : null;

    private static ChainFault? Fault(List<byte[]> lines, ChainPosition head)
    {
        var chain = new Chain(head);
        for (var i = 0; i < lines.Count; i++)
            chain.Add(lines[i], new LinePlace("f", i + 1));
        chain.Finish(new LinePlace("f", lines.Count + 1));
        return chain.Fault;
    }
}
