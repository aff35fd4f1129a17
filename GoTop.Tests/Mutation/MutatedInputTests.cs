using System.Collections.Immutable;
using System.Text;
using GoTop.Mutate.Inputs;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Mutation;

/// <summary>A short run of what eng/mutate does for hours: every reader withstands damaged and hostile inputs.</summary>
public sealed class MutatedInputTests
{
    private const int Inputs = 2000;

    public static TheoryData<string> Readers => [.. Targets().Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_reader_accepts_or_refuses_and_nothing_else(string reader)
    {
        ReaderTarget target = Targets().Single(each => each.Name == reader);
        Mutator mutator = new(target.Corpus, target.Tokens);
        int accepted = 0;
        for (long number = 0; number < Inputs; number++)
        {
            ReadOutcome outcome = target.Try(mutator.Input(seed: 2026, number));
            Assert.True(outcome.Failure is null, $"dotnet run --project eng/mutate -- --target {reader} --input 2026:{number}\n{outcome.Failure}");
            if (outcome.IsAccepted) accepted++;
        }

        // Inputs that are always refused, or always accepted, are none that test anything.
        Assert.InRange(accepted, Inputs / 100, Inputs - 1);
    }

    /// <summary>Of the reference's ordering tests two are to be refused; all else is sound.</summary>
    [Fact]
    public void Sound_inputs_are_accepted() => Assert.All(Targets(), target =>
    {
        ReadOutcome[] outcomes = [.. target.Corpus.Select(input => target.Try(input))];
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
        Assert.InRange(outcomes.Count(outcome => !outcome.IsAccepted), 0, target.Name == "trace-v2" ? 2 : 0);
    });

    /// <summary>Inputs that once made a reader fail, cut down to what did it.</summary>
    [Theory]
    [InlineData("dump", "goroutine 2 gp=0x1] m=nil [running]:\n")]
    [InlineData("expvar", "{\"memstats\":{\"\\uD800\":1}}")]
    [InlineData("trace-v2", "go 1.22 trace\0\0\0\u0001\u0001\u0000\u0000\u0000")]
    public void What_a_long_run_found_is_mended(string reader, string latin1)
    {
        ReadOutcome outcome = Targets().Single(each => each.Name == reader).Try(Encoding.Latin1.GetBytes(latin1));
        Assert.Null(outcome.Failure);
    }

    [Fact]
    public void An_input_is_known_by_its_seed_and_number()
    {
        ReaderTarget target = Targets()[0];
        Mutator one = new(target.Corpus, target.Tokens), other = new(target.Corpus, target.Tokens);
        byte[] first = [.. one.Input(7, 41)];
        one.Input(7, 42);
        byte[] again = [.. one.Input(7, 41)];
        byte[] elsewhere = [.. other.Input(7, 41)];
        byte[] ofAnotherSeed = [.. other.Input(8, 41)];
        Assert.Equal(first, again);
        Assert.Equal(first, elsewhere);
        Assert.NotEqual(first, ofAnotherSeed);
    }

    private static ImmutableArray<ReaderTarget> Targets() => ReaderCatalog.Targets(new CorpusFolder(RepositoryFiles.Root));
}
