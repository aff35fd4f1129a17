using Xunit;

namespace GoTop.Tests.Support;

/// <summary>Waits for what another program does by itself: looks again and again, for two minutes at most.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string failure)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromMinutes(2)) Assert.Fail(failure);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
