using System.Runtime.InteropServices;
using System.Text;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_error</c>: what went wrong, for the other side to raise.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RawError
{
    /// <summary>Bytes of the message, its terminator included.</summary>
    public const int MessageSize = 2048;

    /// <summary>Which exception to raise.</summary>
    public RawErrorKind Kind;

    /// <summary>0.</summary>
    public int Reserved;

    private fixed byte _message[MessageSize];

    /// <summary>The message as text.</summary>
    public readonly string Message
    {
        get
        {
            fixed (byte* message = _message)
                return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message));
        }
    }

    /// <summary>Fills the struct; a long message is cut between two characters.</summary>
    public void Set(RawErrorKind kind, string message)
    {
        Kind = kind;
        fixed (byte* buffer = _message)
        {
            Encoding.UTF8.GetEncoder().Convert(message, new Span<byte>(buffer, MessageSize - 1), flush: false, out _, out int used, out _);
            buffer[used] = 0;
        }
    }
}
