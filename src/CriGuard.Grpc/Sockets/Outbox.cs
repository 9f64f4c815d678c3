using System.Net.Sockets;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Sockets;

/// <summary>
/// What is to be written to one socket. Frames are appended under the connection's lock and written outside of it by one thread at a time: whoever
/// flushes while nobody writes. So no lock is ever held over a write, and frames keep the order in which the state machines made them.
/// </summary>
internal sealed class Outbox(Socket socket, Lock gate)
{
    /// <summary>Octets that may wait before producers of DATA must wait themselves.</summary>
    public const int HighWater = 256 * 1024;

    /// <summary>Octets of answers that may wait for a peer that asks and does not read (RFC 9113 section 10.5).</summary>
    private const int MaxAnswers = 1024 * 1024;

    /// <summary>Octets of all kinds that may: most are the ends of lifted calls, which are never made to wait.</summary>
    private const int MaxBacklog = 16 * 1024 * 1024;

    // A unix socket counts as writable while three quarters of its send buffer (208 KiB) are free (net/unix/af_unix.c, unix_writable), so a
    // write of this
    // size after a poll does not wait.
    private const int PromptWrite = 64 * 1024;

    private readonly Signal _room = new();
    private readonly Signal _idle = new();
    private ByteQueue _pending = new();
    private ByteQueue _taken = new();
    private long _handedOver;
    private int _answers;
    private bool _writing;
    private bool _corked;
    private bool _closing;
    private bool _closed;

    /// <summary>Called with the lock held when what waited has been taken: there is room again.</summary>
    public Action? Drained { get; set; }

    /// <summary>Called without the lock when the socket cannot be written to any more.</summary>
    public Action? Failed { get; set; }

    /// <summary>Under the lock: where frames are appended. What comes after <see cref="Close"/> is not sent.</summary>
    public ByteQueue Pending => _pending;

    /// <summary>Under the lock.</summary>
    public bool HasRoom => _pending.Length < HighWater;

    /// <summary>Under the lock: octets that were appended since the beginning.</summary>
    public long Appended => _handedOver + _pending.Length;

    /// <summary>Octets that the socket has taken since the beginning. Good to know when nobody writes any more.</summary>
    public long Written { get; private set; }

    /// <summary>Under the lock: a place for a frame of ours that answers the peer's own.</summary>
    public Span<byte> Answer(int size)
    {
        CountAnswer(size);
        var span = _pending.GetSpan(size)[..size];
        _pending.Advance(size);
        return span;
    }

    /// <summary>Under the lock: as <see cref="Answer"/>, for octets that were appended already.</summary>
    public void CountAnswer(int size) => _answers += size;

    /// <summary>Under the lock, before the peer is read on.</summary>
    /// <exception cref="ConnectionFaultException">It asks and does not read.</exception>
    public void CheckAnswers()
    {
        if ((_answers > MaxAnswers || _pending.Length > MaxBacklog) && !_closed)
            throw new ConnectionFaultException(ErrorCode.EnhanceYourCalm, "too many answers wait to be read");
    }

    /// <summary>Under the lock: keeps everything back until <see cref="Uncork"/>.</summary>
    public void Cork() => _corked = true;

    /// <summary>Under the lock: lets go what was kept back, behind <paramref name="first"/>.</summary>
    public void Uncork(ReadOnlySpan<byte> first)
    {
        _pending.Prepend(first);
        _corked = false;
    }

    /// <summary>
    /// Under the lock: ends this direction once all that waits is written. The peer may still write, so that it reads our last words instead of
    /// failing in a write, and ends the other direction itself.
    /// </summary>
    public void CloseWhenEmpty()
    {
        _closing = true;
        _corked = false;
        if (!_writing && _pending.Length == 0)
            Shut(SocketShutdown.Send);
    }

    /// <summary>Under the lock: ends the socket both ways now, which also wakes whoever waits in a read or a write of it.</summary>
    public void Close() => Shut(SocketShutdown.Both);

    private void Shut(SocketShutdown directions)
    {
        _closed = true;
        _pending.Clear();
        _room.Set();
        try
        {
            socket.Shutdown(directions);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was quicker.
        }
    }

    /// <summary>Without the lock: the thread that feeds this outbox waits here before it reads on.</summary>
    public void WaitForRoom()
    {
        while (true)
        {
            lock (gate)
            {
                if (_closed || HasRoom)
                    return;
                _room.Reset();
            }

            _room.Wait();
        }
    }

    /// <summary>Without the lock: waits for the thread that is writing, if any.</summary>
    public void WaitUntilIdle()
    {
        while (true)
        {
            lock (gate)
            {
                if (!_writing)
                    return;
                _idle.Reset();
            }

            _idle.Wait();
        }
    }

    /// <summary>
    /// Without the lock: writes what waits, unless another thread is at it and takes it along. A thread that is not <paramref name="patient"/> never
    /// waits for the peer: should it have to, a thread made for that goes on.
    /// </summary>
    public void Flush(bool patient)
    {
        lock (gate)
        {
            if (_writing || _corked || _closed || _pending.Length == 0)
                return;
            _writing = true;
            Swap();
        }

        Write(patient);
    }

    /// <summary>Without the lock, once idle for good: gives the buffers back.</summary>
    public void Release()
    {
        lock (gate)
        {
            _pending.Release();
            _taken.Release();
        }
    }

    private void Write(bool patient)
    {
        try
        {
            do
            {
                while (_taken.Length > 0)
                {
                    if (!patient && !socket.Poll(0, SelectMode.SelectWrite))
                    {
                        SocketThread.Start("criguard-writer", () => Write(patient: true));
                        return;
                    }

                    var size = patient ? _taken.Length : Math.Min(_taken.Length, PromptWrite);
                    var sent = socket.Send(_taken.Octets[..size]);
                    _taken.Consume(sent);
                    Written += sent;
                }
            }
            while (TryTakeMore());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            lock (gate)
            {
                _writing = false;
                _idle.Set();
                _taken.Clear();
                Close();
            }

            Failed?.Invoke();
        }
    }

    private bool TryTakeMore()
    {
        lock (gate)
        {
            if (_pending.Length > 0 && !_closed)
            {
                Swap();
                return true;
            }

            _writing = false;
            _idle.Set();
            if (_closing && !_closed)
                Shut(SocketShutdown.Send);
            return false;
        }
    }

    private void Swap()
    {
        (_pending, _taken) = (_taken, _pending);
        _handedOver += _taken.Length;
        _answers = 0;
        _room.Set();
        Drained?.Invoke();
    }
}
