namespace TensorBridge.Accelerators.Copying;

/// <summary>Two groups of axes for <see cref="TileN"/>: one that continues the source's unit axis, one that continues the destination's.</summary>
internal sealed class VirtualAxes
{
    private const int LargestGroup = 4;

    private readonly PlanView _view;
    private readonly int _side;

    private VirtualAxes(PlanView view)
    {
        _view = view;
        _side = TileLarge.Side(view.Plan.WordSize);
        X = [view.Plan.TileAxis];
        Y = [0];
        Width = view.Axes[view.Plan.TileAxis].Extent;
        Height = view.Axes[0].Extent;
    }

    /// <summary>Axes in source order.</summary>
    public List<int> X { get; }

    /// <summary>Axes in destination order.</summary>
    public List<int> Y { get; }

    public long Width { get; private set; }

    public long Height { get; private set; }

    /// <summary>Grows the shorter side first, each by the free axis of the smallest stride on its own side of the copy.</summary>
    /// <returns>null where a single axis spans more than 32-bit offsets reach.</returns>
    public static VirtualAxes? Grow(PlanView view)
    {
        var result = new VirtualAxes(view);
        if (!result.Fits(result.X) || !result.Fits(result.Y))
            return null;
        while (result.GrowOne())
        {
        }
        return result;
    }

    /// <summary>Words from the lowest source word of a group of axes to its first: what axes that run backwards reach over.</summary>
    public long Lead(List<int> axes) => axes.Sum(i => Math.Max(0, -_view.Axes[i].Source) / _view.Plan.SourceWordSize * (_view.Axes[i].Extent - 1));

    /// <summary>True when 32-bit offsets reach all words of a group of axes, on both sides.</summary>
    private bool Fits(List<int> axes) =>
        axes.Sum(i => Math.Abs(_view.Axes[i].Source) / _view.Plan.SourceWordSize * (_view.Axes[i].Extent - 1)) <= uint.MaxValue
        && axes.Sum(i => _view.Axes[i].Destination / _view.Plan.WordSize * (_view.Axes[i].Extent - 1)) <= uint.MaxValue;

    private bool GrowOne()
    {
        bool canX = Width < _side && X.Count < LargestGroup;
        bool canY = Height < _side && Y.Count < LargestGroup;
        if (!canX && !canY)
            return false;
        bool growX = canX && (!canY || Width <= Height);
        int best = -1;
        for (int i = 0; i < _view.Axes.Length; i++)
        {
            if (!X.Contains(i) && !Y.Contains(i) && Fits([.. growX ? X : Y, i]) && (best < 0 || Reach(i, growX) < Reach(best, growX)))
                best = i;
        }
        if (best < 0)
            return false;
        if (growX)
        {
            X.Add(best);
            Width *= _view.Axes[best].Extent;
        }
        else
        {
            Y.Add(best);
            Height *= _view.Axes[best].Extent;
        }
        return true;
    }

    /// <summary>Broadcast axes of the source continue nothing.</summary>
    private long Reach(int axis, bool source)
    {
        long stride = source ? Math.Abs(_view.Axes[axis].Source) : _view.Axes[axis].Destination;
        return stride == 0 ? long.MaxValue : stride;
    }
}
