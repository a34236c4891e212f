using System.Runtime.CompilerServices;

namespace TensorBridge.PtxInterpreter;

/// <summary>Reads and writes a typed value in a 64-bit register cell.</summary>
public static unsafe class PtxCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(ulong* cell)
        where T : unmanaged => *(T*)cell;

    /// <summary>Signed values are extended by their sign, all others by zeros, as the instruction set demands of wider registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(ulong* cell, T value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(sbyte))
            *(long*)cell = *(sbyte*)&value;
        else if (typeof(T) == typeof(short))
            *(long*)cell = *(short*)&value;
        else if (typeof(T) == typeof(int))
            *(long*)cell = *(int*)&value;
        else
        {
            *cell = 0;
            *(T*)cell = value;
        }
    }
}
