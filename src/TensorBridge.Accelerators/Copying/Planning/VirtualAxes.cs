namespace TensorBridge.Accelerators.Copying;

/// <summary>Two groups of axes for <see cref="TileN"/>: one that continues the source's unit axis, one that continues the destination's.</summary>
internal sealed class VirtualAxes
{
    private const int LargestGroup = 4;

    private readonly PlanView _view;

    private VirtualAxes(PlanView view)
    {
        _view = view;
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
    public static VirtualAxes Grow(PlanView view)
    {
        var result = new VirtualAxes(view);
        while (result.GrowOne())
        {
        }
        return result;
    }

    private bool GrowOne()
    {
        bool canX = Width < TileN.Side && X.Count < LargestGroup;
        bool canY = Height < TileN.Side && Y.Count < LargestGroup;
        if (!canX && !canY)
            return false;
        bool growX = canX && (!canY || Width <= Height);
        int best = -1;
        for (int i = 0; i < _view.Axes.Length; i++)
        {
            if (!X.Contains(i) && !Y.Contains(i) && (best < 0 || Reach(i, growX) < Reach(best, growX)))
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
