using System.Runtime.CompilerServices;
using CsCheck;
using GoTop.Engine.GoRuntime.Traces;
using Xunit;

namespace GoTop.Tests.GoRuntime.Traces;

public sealed class IdMapTests
{
    [Fact]
    public void It_behaves_as_a_dictionary_does() =>
        Gen.Select(Gen.OneOf(Gen.Long[-3, 40], Gen.Const(long.MaxValue), Gen.Const(-1L)), Gen.Int[0, 2]).List[0, 400].Sample(steps =>
        {
            IdMap<int> map = new();
            Dictionary<long, int> dictionary = [];
            foreach ((long key, int what) in steps)
            {
                if (what == 0)
                {
                    Assert.Equal(dictionary.Remove(key), map.Remove(key));
                }
                else
                {
                    ref int value = ref map.Add(key, out bool existed);
                    Assert.Equal(dictionary.ContainsKey(key), existed);
                    dictionary[key] = ++value;
                }

                Assert.Equal(dictionary.Count, map.Count);
                Assert.Equal(dictionary.TryGetValue(key, out int expected), !Unsafe.IsNullRef(ref map.Find(key)));
                if (!Unsafe.IsNullRef(ref map.Find(key))) Assert.Equal(expected, map.Find(key));
            }

            Assert.Equal(dictionary.OrderBy(each => each.Key), map.Entries().OrderBy(each => each.Key));
        });
}
