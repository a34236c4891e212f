using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>An operation that reads its arguments and writes its result itself, without an object for each.</summary>
/// <param name="values">The arguments; the native side keeps what they point to until the call ends.</param>
/// <param name="result">Takes the result, see <see cref="OperationResult.Write"/>.</param>
internal unsafe delegate void RawOperation(ReadOnlySpan<RawValue> values, RawValue* result);
