namespace TensorBridge.Accelerators.Copying;

/// <summary>How far apart numbers may be: <c>|a - b| &lt;= Absolute + Relative * |b|</c>. A kernel's parameter, hence no bool.</summary>
internal readonly record struct Tolerances(double Relative, double Absolute, int EqualNaN);
