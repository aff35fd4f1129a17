using System.Reflection;
using System.Text;
using GoTop.Tests.Support;
using Xunit.v3;

[assembly: TestProgress]

namespace GoTop.Tests.Support;

/// <summary>
/// Writes down which tests run, into the file that <c>GOTOP_TEST_PROGRESS</c> names: a run that hangs is killed, and then nothing else
/// says which test hung. A line a test, begun (<c>+</c>) and ended (<c>-</c>).
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TestProgressAttribute : BeforeAfterTestAttribute
{
    private static readonly FileStream? File = Open();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Write('+', test);

    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Write('-', test);

    private static void Write(char sign, IXunitTest test)
    {
        if (File is null) return;
        lock (File)
        {
            File.Write(Encoding.UTF8.GetBytes($"{sign}{test.TestDisplayName.ReplaceLineEndings(" ")}\n"));
            File.Flush();
        }
    }

    private static FileStream? Open() =>
        Environment.GetEnvironmentVariable("GOTOP_TEST_PROGRESS") is { Length: > 0 } path ? new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite) : null;
}
