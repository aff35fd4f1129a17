using System.Globalization;
using GoTop.App;
using GoTop.Panes;
using GoTop.ScreenSim;
using GoTop.Themes;

// screen-sim [--hz N] [--goroutines N] [--cores N] [--mouse] [--driver NAME] [--die MILLISECONDS]
string Option(string name, string otherwise)
{
    int at = Array.IndexOf(args, "--" + name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}

double hertz = double.Parse(Option("hz", "1"), CultureInfo.InvariantCulture);
SyntheticService service = new(int.Parse(Option("goroutines", "5000"), CultureInfo.InvariantCulture), int.Parse(Option("cores", "16"), CultureInfo.InvariantCulture));
using SyntheticFeed feed = new(service, TimeSpan.FromSeconds(1 / hertz), TimeProvider.System);
ScreenOptions options = new()
{
    Theme = SimTheme.Night,
    Themes = [SimTheme.Night, Theme.Monochrome],
    Mouse = args.Contains("--mouse"),
    Driver = Option("driver", "") is { Length: > 0 } driver ? driver : null,
};
// An exception that nobody catches, on a thread of its own.
if (int.TryParse(Option("die", ""), CultureInfo.InvariantCulture, out int milliseconds))
    new Thread(() => { new ManualResetEvent(false).WaitOne(milliseconds); throw new InvalidOperationException("died as asked"); }).Start();
try
{
    return TopApplication.Run(
        new SyntheticHost(feed), PaneCatalog.All.IsEmpty ? [new SamplePane("overview", "Overview"), new SamplePane("goroutines", "Goroutines")] : PaneCatalog.All,
        options, TimeProvider.System);
}
catch (Exception failure)
{
    Console.Error.WriteLine(failure);
    return 1;
}
