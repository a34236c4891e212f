namespace TensorBridge.Tests.Copying;

/// <summary>One axis of a generated copy: its length, the gaps after its elements, and where it lies among the axes of each side.</summary>
public sealed record AxisSpec(int Extent, int SourceGap, int DestinationGap, int SourceKey, int DestinationKey, bool SourceFlip, bool DestinationFlip, bool Broadcast);
