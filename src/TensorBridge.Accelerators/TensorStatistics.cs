namespace TensorBridge.Accelerators;

/// <summary>What a tensor's numbers are like. Of complex numbers, their real parts.</summary>
/// <param name="Count">Elements, NaN included.</param>
/// <param name="NaNCount">Elements that are no number.</param>
/// <param name="Minimum">The smallest number; NaN when there is none.</param>
/// <param name="Maximum">The largest number; NaN when there is none.</param>
/// <param name="Mean">The mean of the numbers, summed in binary64; NaN when there is none.</param>
public readonly record struct TensorStatistics(long Count, long NaNCount, double Minimum, double Maximum, double Mean);
