using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Interleaves and deinterleaves 2 to 4 channels, and gathers or scatters words at 2 to 4 times their size.</summary>
/// <remarks>
/// All of these send the bytes of a block of C registers to fixed places in another block of C registers:
/// <code>
/// deinterleave, C = 3      r0 g0 b0 r1 | g1 b1 r2 g2 | b2 r3 g3 b3      ->      r0 r1 r2 r3 | g0 g1 g2 g3 | b0 b1 b2 b3
/// </code>
/// and interleaving is the way back. An instruction set brings the register, and the routing of one block.
/// </remarks>
internal abstract unsafe class ChannelKernels
{
    /// <summary>Most channels a block holds.</summary>
    public const int MaxChannels = 4;

    private readonly ChannelTable?[] _split = new ChannelTable?[(MaxChannels + 1) * 4];
    private readonly ChannelTable?[] _join = new ChannelTable?[(MaxChannels + 1) * 4];

    /// <summary>Bytes of a register.</summary>
    protected abstract int RegisterBytes { get; }

    /// <summary>True where <see cref="CanSplit"/> channels and words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CanSplit(nint channels, int word) => channels is >= 2 and <= MaxChannels && word <= 8;

    /// <summary>Reads <paramref name="count"/> groups of <paramref name="channels"/> words and writes each channel to its own row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Deinterleave(byte* destination, nint destinationPitch, byte* source, int channels, nint count, int word)
    {
        nint block = RegisterBytes / word;
        nint blocks = count / block;
        if (blocks > 0)
        {
            var route = new ChannelRoute { Table = Split(channels, word), Channels = channels, SourceStep = RegisterBytes, SourceAdvance = RegisterBytes * channels, DestinationStep = destinationPitch, DestinationAdvance = RegisterBytes };
            Route(route, destination, source, blocks, false);
        }
        nint done = blocks * block;
        if (done == count)
            return;
        for (int c = 0; c < channels; c++)
            WordLoop.Copy(word, destination + (c * destinationPitch) + (done * word), word, source + (((done * channels) + c) * word), channels * word, count - done);
    }

    /// <summary>Reads one row per channel and writes <paramref name="count"/> groups of <paramref name="channels"/> words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Interleave(byte* destination, byte* source, nint sourcePitch, int channels, nint count, int word, bool stream)
    {
        nint block = RegisterBytes / word;
        nint head = stream ? GroupsToLine(destination, channels * word, count) : 0;
        stream &= head >= 0;
        head = nint.Max(head, 0);
        JoinWords(destination, source, sourcePitch, channels, 0, head, word);
        nint blocks = (count - head) / block;
        if (blocks > 0)
        {
            var route = new ChannelRoute { Table = Join(channels, word), Channels = channels, SourceStep = sourcePitch, SourceAdvance = RegisterBytes, DestinationStep = RegisterBytes, DestinationAdvance = RegisterBytes * channels };
            Route(route, destination + (head * channels * word), source + (head * word), blocks, stream);
        }
        JoinWords(destination, source, sourcePitch, channels, head + (blocks * block), count, word);
    }

    /// <summary>Gathers rows of <paramref name="count"/> words that lie <paramref name="step"/> words apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(byte* destination, nint destinationPitch, byte* source, nint sourcePitch, int step, nint count, nint rows, int word, bool stream)
    {
        nint block = RegisterBytes / word;
        ChannelTable table = Split(step, word);
        var route = new ChannelRoute { Table = table, Channels = step, Outputs = 1, SourceStep = RegisterBytes, SourceAdvance = RegisterBytes * step, DestinationAdvance = RegisterBytes };
        ChannelRoute last = route;
        last.Table = table.Output(step - 1);
        for (; rows > 0; rows--, destination += destinationPitch, source += sourcePitch)
        {
            if (count <= block)
                WordLoop.Copy(word, destination, word, source, step * word, count);
            else if (stream && count >= 4 * block && (nint)destination % word == 0)
                StreamGathered(route, destination, source, step, count, word);
            else
                GatherRow(route, last, destination, source, step, count, word);
        }
    }

    /// <summary>A block reads the words between too, so the last word gathered is left to a block of its own: the last channel of a block that ends with that word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GatherRow(in ChannelRoute route, in ChannelRoute lastRoute, byte* destination, byte* source, int step, nint count, int word)
    {
        nint blocks = (count - 1) / (RegisterBytes / word);
        Route(route, destination, source, blocks, false);
        nint last = count - (RegisterBytes / word);
        Route(lastRoute, destination + (last * word), source + (((last * step) - (step - 1)) * word), 1, false);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StreamGathered(in ChannelRoute route, byte* destination, byte* source, int step, nint count, int word)
    {
        nint head = ShortRun.ToLine(destination) / word;
        nint blocks = (count - head - 1) / (RegisterBytes / word);
        nint done = head + (blocks * (RegisterBytes / word));
        WordLoop.Copy(word, destination, word, source, step * word, head);
        Route(route, destination + (head * word), source + (head * step * word), blocks, true);
        WordLoop.Copy(word, destination + (done * word), word, source + (done * step * word), step * word, count - done);
    }

    /// <summary>Scatters <paramref name="count"/> words so that they lie <paramref name="step"/> words apart; the bytes between are not touched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public virtual void Scatter(byte* destination, int step, byte* source, nint count, int word) =>
        WordLoop.Copy(word, destination, step * word, source, word, count);

    /// <summary>Routes blocks; every block has <see cref="ChannelRoute.Channels"/> registers in and as many (or one) out.</summary>
    protected abstract void Route(in ChannelRoute route, byte* destination, byte* source, nint blocks, bool stream);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void JoinWords(byte* destination, byte* source, nint sourcePitch, int channels, nint from, nint to, int word)
    {
        if (from >= to)
            return;
        for (int c = 0; c < channels; c++)
            WordLoop.Copy(word, destination + (((from * channels) + c) * word), channels * word, source + (c * sourcePitch) + (from * word), word, to - from);
    }

    /// <summary>Groups to write before the destination reaches a line, or -1 where no group starts on one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint GroupsToLine(byte* destination, nint group, nint count)
    {
        for (nint i = 0; i < 64 && i < count; i++)
        {
            if (((nint)destination + (i * group)) % 64 == 0)
                return i;
        }
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ChannelTable Split(int channels, int word) => _split[Slot(channels, word)] ?? MakeSplit(channels, word);

    private ChannelTable Join(int channels, int word) => _join[Slot(channels, word)] ?? MakeJoin(channels, word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(int channels, int word) => (channels * 4) + BitOperations.Log2((uint)word);

    // Apart from the above, which would make the closures at every call.
    private ChannelTable MakeSplit(int channels, int word) =>
        _split[Slot(channels, word)] = ChannelTable.Create(RegisterBytes, channels, position => SplitSource(position, channels, word));

    private ChannelTable MakeJoin(int channels, int word) =>
        _join[Slot(channels, word)] = ChannelTable.Create(RegisterBytes, channels, position => JoinSource(position, channels, word));

    /// <summary>The byte of an interleaved block that goes to <paramref name="position"/> of the channels side by side.</summary>
    private int SplitSource(int position, int channels, int word)
    {
        int channel = position / RegisterBytes;
        int index = position % RegisterBytes / word;
        return (((index * channels) + channel) * word) + (position % word);
    }

    private int JoinSource(int position, int channels, int word)
    {
        int item = position / word;
        return (item % channels * RegisterBytes) + (item / channels * word) + (position % word);
    }
}
