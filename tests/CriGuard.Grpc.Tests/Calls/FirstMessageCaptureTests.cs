using CriGuard.Grpc.Calls;

namespace CriGuard.Grpc.Tests.Calls;

public sealed class FirstMessageCaptureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void The_first_message_is_kept_however_it_is_cut(int piece)
    {
        byte[] reply = [0, 0, 0, 0, 3, 7, 8, 9, 0, 0, 0, 0, 1, 5];
        var capture = new FirstMessageCapture();
        foreach (var octets in reply.Chunk(piece))
            capture.Append(octets);
        Assert.Equal([7, 8, 9], capture.Message.ToArray());
    }

    [Fact]
    public void A_message_above_the_bound_is_not_kept()
    {
        var capture = new FirstMessageCapture();
        capture.Append([0, 0, 1, 0, 1]);
        capture.Append(new byte[70_000]);
        Assert.True(capture.Message.IsEmpty);
    }

    [Fact]
    public void A_message_of_just_the_bound_is_kept()
    {
        var capture = new FirstMessageCapture();
        capture.Append([0, 0, 1, 0, 0]);
        capture.Append(new byte[70_000]);
        Assert.Equal(FirstMessageCapture.MaxSize, capture.Message.Length);
    }

    [Fact]
    public void A_compressed_message_is_not_kept()
    {
        var capture = new FirstMessageCapture();
        capture.Append([1, 0, 0, 0, 1, 0]);
        Assert.True(capture.Message.IsEmpty);
    }
}
