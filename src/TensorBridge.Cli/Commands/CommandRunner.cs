namespace TensorBridge.Cli.Commands;

/// <summary>Turns the errors that a user can cause or cure into one line and an exit code, without a stack trace.</summary>
internal static class CommandRunner
{
    /// <summary>Runs a command; exit code 1 with a message on standard error when it fails.</summary>
    /// <remarks>Set <c>TENSORBRIDGE_TRACE=1</c> to see where an error came from.</remarks>
    public static int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (Exception error) when (error is TensorException or IOException or UnauthorizedAccessException or OverflowException
            or ArgumentException or InvalidOperationException or PlatformNotSupportedException or DllNotFoundException)
        {
            Console.Error.WriteLine($"tensorbridge: {error.Message}");
            if (Environment.GetEnvironmentVariable("TENSORBRIDGE_TRACE") == "1")
                Console.Error.WriteLine(error);
            return 1;
        }
    }
}
