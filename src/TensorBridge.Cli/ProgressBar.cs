using System.Diagnostics;
using System.Globalization;

namespace TensorBridge.Cli;

/// <summary>One line on the terminal that says how far a long job is. Silent where standard error is no terminal, and for short jobs.</summary>
internal sealed class ProgressBar : IDisposable
{
    private const int Width = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private TimeSpan _last;
    private int _length;

    /// <summary>Since the bar was made.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Says how many bytes are done.</summary>
    public void Report(long done, long all)
    {
        TimeSpan now = _clock.Elapsed;
        if (!_isTerminal || now < Patience || (now - _last < Pause && done < all))
            return;
        _last = now;
        string line = Line(done, all, now);
        Console.Error.Write("\r" + line.PadRight(_length));
        _length = line.Length;
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        if (_length > 0)
            Console.Error.Write("\r" + new string(' ', _length) + "\r");
        _length = 0;
    }

    /// <summary>The line: bar, percentage, amount, rate, remaining time.</summary>
    internal static string Line(long done, long all, TimeSpan elapsed)
    {
        double part = all == 0 ? 1 : (double)done / all;
        int filled = (int)(part * Width);
        double rate = done / elapsed.TotalSeconds;
        TimeSpan left = TimeSpan.FromSeconds(rate > 0 ? Math.Min((all - done) / rate, 359_999) : 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('.', Width - filled)}] {100 * part,3:F0} %  {ByteText.Format(done)} of {ByteText.Format(all)}  {ByteText.Format((long)rate)}/s  {left:h\\:mm\\:ss} left");
    }
}
