using System.Buffers;
using System.Diagnostics;
using System.Text;
using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

/// <summary>What signatures prove of a log, and what they cannot.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly LogFolder _state = new();
    private readonly SigningKey _key;
    private readonly CheckpointKey _public;

    public CheckpointTests()
    {
        _key = SigningKey.Open(_state.Path);
        _public = CheckpointKey.FromPem(_key.PublicPem);
    }

    [Fact]
    public async Task A_log_that_is_closed_in_order_is_signed_to_its_end()
    {
        await Fill(25, every: 10);

        var proof = Verify();
        Assert.True(proof.Ok, proof.Fault?.Message);
        Assert.Equal(proof.Last.Sequence - 1, proof.Checkpoint!.Covers.Sequence);
        Assert.Equal([EventKinds.LogKey, "there was none"], [_folder.Entries()[0].Kind, Detail(_folder.Entries()[0], "cause")]);
        Assert.Equal(3, _folder.Entries().Count(static e => e.Kind == EventKinds.LogCheckpoint));
    }

    [Fact]
    public async Task What_is_written_is_signed_after_a_time_and_only_once()
    {
        var time = new FiredTime();
        using (var log = EventLog.Open(_folder.Path, new EventLogOptions { Node = "n", Key = _key, Time = time }))
        {
            await log.AppendAsync(LogFolder.Event("c1"));
            Assert.Null(log.Checkpoint);
            time.Fire();
            while (log.Checkpoint is null)
                await Task.Yield();
            Assert.Equal(2, log.Checkpoint.Covers.Sequence);
            time.Fire();
        }

        Assert.Equal([EventKinds.LogKey, EventKinds.CallDecided, EventKinds.LogCheckpoint], _folder.Entries().Select(static e => e.Kind));
    }

    [Fact]
    public async Task T_Q7_a_log_that_was_written_anew_by_someone_without_the_key_is_found()
    {
        await Fill(25, every: 10);
        Rewrite(static text => text.Replace("\"c3\"", "\"x3\"", StringComparison.Ordinal));

        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
        Assert.Equal("sequence 11 is no checkpoint of the lines in front of it", Verify().Fault?.Message);
        Rewrite(static text => text.Contains("log.checkpoint", StringComparison.Ordinal) ? "" : text);
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
        Assert.Equal("no line in front of this is signed with the key that was given", Verify().Fault?.Message);
    }

    [Fact]
    public async Task T_Q7_a_log_that_was_signed_anew_with_another_key_is_found()
    {
        await Fill(25, every: 10);
        using var other = new LogFolder();
        using var stranger = SigningKey.Open(other.Path);
        using var log = EventLog.Open(_folder.Path, new EventLogOptions { Node = "n", Key = stranger });
        await log.AppendAsync(LogFolder.Event("x"));
        log.Dispose();

        Assert.EndsWith($" is signed with key {stranger.Fingerprint}, which was not given", Verify().Fault?.Message);
        using var strangers = CheckpointKey.FromPem(stranger.PublicPem);
        Assert.Null(LogVerifier.Verify(_folder.Path, new ProofDemands { Keys = [_public, strangers] }).Fault);
    }

    [Fact]
    public async Task T_Q7_a_signature_for_another_line_is_none()
    {
        await Fill(25, every: 10);
        var signature = _folder.Entries().Where(static e => e.Kind == EventKinds.LogCheckpoint).Select(static e => Detail(e, "signature")).ToList();
        Rewrite(text => text.Replace(signature[1], signature[0], StringComparison.Ordinal));

        Assert.EndsWith(" has a signature that its key did not make", Verify().Fault?.Message);
    }

    [Fact]
    public async Task T_Q7_a_cut_with_an_older_head_is_found_by_a_checkpoint_that_was_kept_elsewhere()
    {
        await Fill(25, every: 10);
        var kept = Verify().Checkpoint!.Covers;
        var older = _folder.Entries()[12].Link;
        File.WriteAllLines(_folder.Segments[0], File.ReadAllLines(_folder.Segments[0])[..12]);
        File.WriteAllText(_folder.Head, $"{older.Sequence - 1:d12} {older.Previous}\n");

        Assert.True(Verify().Ok);
        var fault = LogVerifier.Verify(_folder.Path, new ProofDemands { Keys = [_public], Includes = kept }).Fault;
        Assert.Equal($"sequences 13 to {kept.Sequence} were cut off the end: the checkpoint that was given was made over them", fault?.Message);
    }

    [Fact]
    public async Task More_lines_than_a_daemon_leaves_unsigned_are_a_fault()
    {
        await Fill(5, every: 3);
        using (var log = _folder.Open())
        {
            for (var i = 0; i < 10_000; i++)
                log.Append(LogFolder.Event("x"));
            await log.AppendAsync(LogFolder.Event("x"));
        }

        Assert.Contains("are not signed, and a daemon signs every thousand", Verify().Fault?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Others_prove_a_checkpoint_with_openssl()
    {
        await Fill(3, every: 10);
        var (checkpoint, files) = (Verify().Checkpoint!, _state.Path);
        File.WriteAllText(Path.Combine(files, "public.pem"), _key.PublicPem);
        File.WriteAllBytes(Path.Combine(files, "signature"), [.. checkpoint.Signature]);
        File.WriteAllText(Path.Combine(files, "text"), $"criguard-checkpoint-1 {checkpoint.Covers.Sequence} {checkpoint.Covers.Hash} {checkpoint.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}\n");

        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "text"]) { WorkingDirectory = files, UseShellExecute = false, RedirectStandardOutput = true })!;

        Assert.Equal("Verified OK\n", await openssl.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public void The_key_stays_is_its_owners_alone_and_is_made_anew_where_it_was_not()
    {
        var path = SigningKey.PathIn(_state.Path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using (var again = SigningKey.Open(_state.Path))
            Assert.Equal((_key.Fingerprint, null), (again.Fingerprint, again.MadeBecause));

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        using (var made = SigningKey.Open(_state.Path))
            Assert.Equal((false, "others could read the one that was there"), (made.Fingerprint == _key.Fingerprint, made.MadeBecause));
        File.WriteAllText(path, _key.PublicPem);
        using (var made = SigningKey.Open(_state.Path))
            Assert.Equal("the one that was there is no private key of P-256", made.MadeBecause);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    public void What_is_no_public_key_is_refused(string pem) => Assert.Throws<FormatException>(() => CheckpointKey.FromPem(pem));

    [Fact]
    public async Task Retention_and_signatures_go_together()
    {
        using (var log = EventLog.Open(_folder.Path, new EventLogOptions { Node = "n", Key = _key, CheckpointEvents = 7, SegmentBytes = 500, KeepBytes = 2000 }))
        {
            for (var i = 0; i < 60; i++)
            {
                await log.AppendAsync(LogFolder.Event($"c{i}"));
                await log.TrimAsync();
            }
        }

        var proof = Verify();
        Assert.True(proof.Ok, proof.Fault?.Message);
        Assert.True(proof.First > 1);
        Assert.Equal(proof.Last.Sequence - 1, proof.Checkpoint!.Covers.Sequence);
    }

    public void Dispose()
    {
        _public.Dispose();
        _key.Dispose();
        _folder.Dispose();
        _state.Dispose();
    }

    private LogProof Verify() => LogVerifier.Verify(_folder.Path, new ProofDemands { Keys = [_public] });

    private async Task Fill(int events, int every)
    {
        using var log = EventLog.Open(_folder.Path, new EventLogOptions { Node = "n", Key = _key, CheckpointEvents = every });
        for (var i = 1; i <= events; i++)
            await log.AppendAsync(LogFolder.Event($"c{i}"));
    }

    // As root on the node could: each line changed at will, then hashes, sequences and head made to fit.
    private void Rewrite(Func<string, string> change)
    {
        var position = ChainPosition.Start;
        var output = new ArrayBufferWriter<byte>();
        foreach (var line in File.ReadAllLines(_folder.Segments[0]).Select(change).Where(static line => line.Length > 0))
        {
            var text = $"{{\"seq\":{position.Sequence + 1}{line[line.IndexOf(',')..]}";
            var bytes = Encoding.UTF8.GetBytes($"{text[..^(LineHash.TextLength + 2)]}{position.Hash}\"}}");
            position = new ChainPosition(position.Sequence + 1, LineHash.Of(bytes));
            output.Write([.. bytes, (byte)'\n']);
        }

        File.WriteAllBytes(_folder.Segments[0], output.WrittenSpan.ToArray());
        File.WriteAllText(_folder.Head, $"{position.Sequence:d12} {position.Hash}\n");
    }

    private static string Detail(EventEntry entry, string name) => entry.Details.First(d => d.Key == name).Value;
}

/// <summary>A clock whose timers run when a test says so.</summary>
internal sealed class FiredTime : TimeProvider
{
    private Action _fire = static () => { };

    public void Fire() => _fire();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _fire = () => callback(state);
        return System.CreateTimer(static _ => { }, state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
