namespace GoTop.Engine.Sources.Logs.WindowsEvents;

/// <summary>Asks Windows for events; decides nothing.</summary>
internal interface IEventLogQuery
{
    /// <summary>Events as XML, oldest first.</summary>
    /// <param name="query">XPath, as wevtapi takes it.</param>
    /// <exception cref="IOException">In words for the screen.</exception>
    IReadOnlyList<string> Read(string log, string query, int most);

    /// <summary>The number of the log's newest event; 0 of an empty one.</summary>
    /// <exception cref="IOException">In words for the screen.</exception>
    long NewestRecord(string log);
}
