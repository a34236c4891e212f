namespace TensorBridge.Copying.Host;

/// <summary>Called on the thread that copies, at least every few tens of milliseconds.</summary>
/// <param name="bytesDone">Bytes written so far, by all threads.</param>
/// <param name="bytesTotal">Bytes to write.</param>
/// <returns>False to stop: what is written so far stays.</returns>
internal delegate bool CopyHook(long bytesDone, long bytesTotal);
