using System.Runtime.CompilerServices;

namespace TensorBridge.Copying;

/// <summary>A compiled loop over an elementary conversion, with its sizes; several make a route from one type to another.</summary>
internal readonly unsafe struct CastStage
{
    private readonly delegate*<byte*, byte*, nint, void> _run;
    private readonly int _parts;

    private CastStage(delegate*<byte*, byte*, nint, void> run, int sourceSize, int destinationSize, int parts)
    {
        _run = run;
        _parts = parts;
        SourceSize = sourceSize * parts;
        DestinationSize = destinationSize * parts;
    }

    /// <summary>Bytes read per element.</summary>
    public int SourceSize { get; }

    /// <summary>Bytes written per element.</summary>
    public int DestinationSize { get; }

    /// <summary>A stage that applies <typeparamref name="TStep"/> to each of the <paramref name="parts"/> parts of an element (2 for complex).</summary>
    public static CastStage Of<TStep>(int parts = 1) where TStep : struct, IElementStep =>
        new(&Loop<TStep>, TStep.SourceSize, TStep.DestinationSize, parts);

    /// <summary>A stage around a loop of its own.</summary>
    public static CastStage Of(delegate*<byte*, byte*, nint, void> run, int sourceSize, int destinationSize, int parts = 1) =>
        new(run, sourceSize, destinationSize, parts);

    public void Run(byte* source, byte* destination, nint count) => _run(source, destination, count * _parts);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<TStep>(byte* source, byte* destination, nint count) where TStep : struct, IElementStep
    {
        nint block = TStep.BlockItems;
        for (; count >= block; count -= block)
        {
            TStep.Block(source, destination);
            source += block * TStep.SourceSize;
            destination += block * TStep.DestinationSize;
        }
        for (; count > 0; count--)
        {
            TStep.One(source, destination);
            source += TStep.SourceSize;
            destination += TStep.DestinationSize;
        }
    }
}
