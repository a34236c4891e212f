using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Byte routes of one block: for every byte written, the register and the byte in it that it comes from.</summary>
internal sealed class ChannelTable
{
    private readonly int _registerBytes;
    private readonly int[] _from;
    private readonly ChannelTable?[] _outputs;
    private byte[]? _pairs;
    private byte[]? _lanes;

    private ChannelTable(int registerBytes, int[] from)
    {
        _registerBytes = registerBytes;
        _from = from;
        _outputs = new ChannelTable?[from.Length / registerBytes];
    }

    /// <summary>Tabulates <paramref name="from"/> over a block of <paramref name="registers"/> registers.</summary>
    public static ChannelTable Create(int registerBytes, int registers, Func<int, int> from)
    {
        var bytes = new int[registerBytes * registers];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = from(i);
        return new ChannelTable(registerBytes, bytes);
    }

    /// <summary>The route of one output register alone.</summary>
    public ChannelTable Output(int register) =>
        _outputs[register] ??= new ChannelTable(_registerBytes, _from[(register * _registerBytes)..((register + 1) * _registerBytes)]);

    /// <summary>Indices for two-source permutes, two tables for each output register.</summary>
    /// <remarks>
    /// Two or four inputs: the first table picks from a pair of registers, for both pairs alike; the second is a mask, all ones where the second pair has the byte. Three inputs:
    /// the first picks from registers 0 and 1, the second from that result and register 2.
    /// </remarks>
    public byte[] Pairs(int inputs) => _pairs ??= MakePairs(inputs);

    /// <summary>Indices for one-source shuffles, one table for each output and input register; 0x80 where a byte comes from elsewhere.</summary>
    public byte[] Lanes(int inputs) => _lanes ??= MakeLanes(inputs);

    private byte[] MakePairs(int inputs)
    {
        int size = _registerBytes;
        var table = new byte[2 * _from.Length];
        for (int i = 0; i < _from.Length; i++)
        {
            int place = i % size;
            int pair = _from[i] / (2 * size);
            int at = (i / size * 2 * size) + place;
            table[at] = (byte)(inputs == 3 && pair == 1 ? 0 : _from[i] % (2 * size));
            table[at + size] = (byte)(inputs != 3 ? -pair : pair == 0 ? place : size + (_from[i] % size));
        }
        return table;
    }

    private byte[] MakeLanes(int inputs)
    {
        int size = _registerBytes;
        var table = new byte[_from.Length * inputs];
        for (int i = 0; i < _from.Length; i++)
        {
            for (int k = 0; k < inputs; k++)
                table[(((i / size * inputs) + k) * size) + (i % size)] = (byte)(_from[i] / size == k ? _from[i] % size : 0x80);
        }
        return table;
    }
}
