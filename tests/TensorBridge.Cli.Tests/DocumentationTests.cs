namespace TensorBridge.Cli.Tests;

public class DocumentationTests
{
    [Fact]
    public void TheCommandsOfThePageAboutFilesRun()
    {
        string page = File.ReadAllText(Path.Combine(Tool.RepositoryRoot(), "docs", "files.md"));
        string commands = page.Split("```sh\n")[1].Split("```")[0];
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tensorbridge-docs-");
        try
        {
            Npy.Create(Path.Combine(folder.FullName, "in.npy"), DType.Float32, [3, 4]).Dispose();
            // Each command must succeed, the doctor excepted: it judges the machine.
            string shell = $"cd '{folder.FullName}'\n{commands.Replace("tensorbridge doctor", "tensorbridge doctor || true #", StringComparison.Ordinal)}";
            (int code, string output, string errors) = Tool.RunShell(shell);
            Assert.True(code == 0, $"{errors}{output}");
            Assert.Contains("out.npy  float16, F order", output, StringComparison.Ordinal);
            Assert.Contains("tensor[float64, (1000, 1000), cpu] -> tensor[>f4", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
