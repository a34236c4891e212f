namespace TensorBridge.Accelerators.Kernels;

/// <summary>The errors of arguments, in one style: which argument, what is accepted, what was seen, the way out.</summary>
internal static class ArgumentErrors
{
    /// <summary>A tensor of the wrong element type, layout or access.</summary>
    public static TensorLayoutException Mismatch(ParameterBinder binder, in KernelArgument argument, string? wayOut) =>
        new(Text(binder, argument) + (wayOut is null ? string.Empty : $"; {wayOut}"));

    /// <summary>A number or nothing where a tensor belongs.</summary>
    public static TensorFormatException NotATensor(ParameterBinder binder, in KernelArgument argument) =>
        new(Text(binder, argument), isWrongType: true);

    /// <summary>A value that has no safe conversion.</summary>
    public static TensorFormatException WrongType(ParameterBinder binder, in KernelArgument argument) =>
        new(Text(binder, argument), isWrongType: true);

    /// <summary>A scalar whose memory is on a device.</summary>
    public static TensorDeviceException OnDevice(ParameterBinder binder, in KernelArgument argument) =>
        new($"{Text(binder, argument)}; a scalar is passed by value: copy it to the host first");

    /// <summary>A number beyond the parameter's type.</summary>
    public static OverflowException OutOfRange<T>(ParameterBinder binder, in KernelArgument argument, T low, T high) =>
        new(FormattableString.Invariant($"{Text(binder, argument)}; the range is {low} to {high}"));

    private static string Text(ParameterBinder binder, in KernelArgument argument) =>
        $"argument {binder.Parameter.Position} '{binder.Parameter.Name}': expected {binder.Expected(KernelDevices.Text)}, got {argument}";
}
