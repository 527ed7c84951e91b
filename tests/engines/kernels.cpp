// Every kernel of every set of vector instructions that this machine has, against plain arithmetic, at all lengths around the
// widths of vectors and words. Broken when: a kernel reads or writes beside its lanes, wraps, or rounds.
#include "../../engine/columnar/kernels/kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "../../engine/value/round.hpp"

namespace eligo::columnar {
namespace {

std::vector<const Kernels*> all_kernels() {
    std::vector<const Kernels*> all{&kernels_plain};
#if defined(__x86_64__)
    if (machine_has_avx2()) all.push_back(&kernels_avx2);
    if (machine_has_avx512()) all.push_back(&kernels_avx512);
#elif defined(__aarch64__)
    all.push_back(&kernels_neon);
#endif
    return all;
}

const std::vector<std::size_t> lengths = {1, 3, 7, 8, 15, 16, 17, 31, 63, 64, 65, 100, 127, 128, 200, 1'024, 1'037};
constexpr std::uint64_t untouched_word = 0x5A5A'5A5A'5A5A'5A5AULL;
constexpr std::int64_t untouched = 0x5A5A'5A5A;

class Random {
public:
    std::int64_t within(std::int64_t low, std::int64_t high) {
        const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
        const std::uint64_t raw = engine_();
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + (span == 0 ? raw : raw % span));
    }
    // Small, large, and at the ends.
    std::int64_t number(std::int64_t low, std::int64_t high) {
        switch (engine_() % 4) {
            case 0: return std::clamp<std::int64_t>(within(-5, 5), low, high);
            case 1: return engine_() % 2 == 0 ? low : high;
            default: return within(low, high);
        }
    }
    std::vector<std::int64_t> numbers(std::size_t count, std::int64_t low, std::int64_t high) {
        std::vector<std::int64_t> made(count);
        for (auto& one : made) one = number(low, high);
        return made;
    }
    std::vector<std::uint64_t> words(std::size_t count) {
        std::vector<std::uint64_t> made((count + 63) / 64);
        for (auto& one : made) one = engine_();
        return made;
    }

private:
    std::mt19937_64 engine_{20180601};
};

std::vector<std::uint64_t> words_for(std::size_t count) { return std::vector<std::uint64_t>((count + 63) / 64 + 1, untouched_word); }
std::vector<std::int64_t> lanes_for(std::size_t count) { return std::vector<std::int64_t>(count + 1, untouched); }

// Bit by bit; bits past the last lane are 0 and the word behind is left alone.
template <class Expected>
void expect_bits(const std::vector<std::uint64_t>& words, std::size_t count, Expected expected, const std::string& what) {
    for (std::size_t i = 0; i < (count + 63) / 64 * 64; ++i) {
        const bool bit = (words[i / 64] >> (i % 64) & 1) != 0;
        ASSERT_EQ(bit, i < count && expected(i)) << what << ", lane " << i << " of " << count;
    }
    ASSERT_EQ(words.back(), untouched_word) << what;
}
template <class Expected>
void expect_lanes(const std::vector<std::int64_t>& lanes, std::size_t count, Expected expected, const std::string& what) {
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(lanes[i], expected(i)) << what << ", lane " << i << " of " << count;
    ASSERT_EQ(lanes.back(), untouched) << what;
}

template <class T>
void try_narrow(const Kernels& kernels, Kernels::AtMost at_most, void (*widen)(const T*, std::size_t, std::int64_t, std::int64_t*), Random& random) {
    constexpr auto least = static_cast<std::int64_t>(std::numeric_limits<T>::min()), greatest = static_cast<std::int64_t>(std::numeric_limits<T>::max());
    for (const std::size_t count : lengths) {
        // Exactly as long as it says, so that a sanitizer sees what is read behind it.
        std::vector<T> x;
        for (const std::int64_t number : random.numbers(count, least, greatest)) x.push_back(static_cast<T>(number));
        const std::int64_t bounds[] = {least, greatest, static_cast<std::int64_t>(x[count / 2]), random.number(least, greatest)};
        std::vector<std::vector<std::uint64_t>> made(4, words_for(count));
        std::uint64_t* const out[] = {made[0].data(), made[1].data(), made[2].data(), made[3].data()};
        at_most(x.data(), count, 0, bounds, 4, out);
        for (std::size_t k = 0; k < 4; ++k)
            expect_bits(made[k], count, [&](std::size_t i) { return static_cast<std::int64_t>(x[i]) <= bounds[k]; }, std::string(kernels.name) + " at most " + std::to_string(bounds[k]));
        if (widen == nullptr) continue;
        for (const std::int64_t multiplier : {1, 100}) {
            auto wide = lanes_for(count);
            widen(x.data(), count, multiplier, wide.data());
            expect_lanes(wide, count, [&](std::size_t i) { return static_cast<std::int64_t>(x[i]) * multiplier; }, std::string(kernels.name) + " widen");
        }
    }
}

TEST(Kernels, compare_and_widen_columns_of_every_type) {
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        try_narrow<std::int8_t>(*kernels, kernels->at_most_i8, kernels->widen_i8, random);
        try_narrow<std::uint8_t>(*kernels, kernels->at_most_u8, kernels->widen_u8, random);
        try_narrow<std::int16_t>(*kernels, kernels->at_most_i16, kernels->widen_i16, random);
        try_narrow<std::uint16_t>(*kernels, kernels->at_most_u16, kernels->widen_u16, random);
        try_narrow<std::int32_t>(*kernels, kernels->at_most_i32, kernels->widen_i32, random);
        try_narrow<std::uint32_t>(*kernels, kernels->at_most_u32, kernels->widen_u32, random);
        try_narrow<std::int64_t>(*kernels, kernels->at_most_i64, nullptr, random);
    }
}

TEST(Kernels, look_up_sets) {
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        for (const std::size_t count : lengths) {
            std::vector<std::uint8_t> x, set;
            for (std::size_t i = 0; i < count; ++i) x.push_back(static_cast<std::uint8_t>(random.within(0, 255)));
            for (int i = 0; i < 32; ++i) set.push_back(static_cast<std::uint8_t>(random.within(0, 255)));
            auto out = words_for(count);
            kernels->member_u8(x.data(), count, 0, set.data(), out.data());
            expect_bits(out, count, [&](std::size_t i) { return (set[x[i] / 8] >> (x[i] % 8) & 1) != 0; }, std::string(kernels->name) + " member");
        }
    }
}

TEST(Kernels, sum_compare_and_divide_exactly) {
    constexpr std::int64_t most = std::int64_t{1} << 45;
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        for (const std::size_t count : lengths) {
            for (std::size_t term_count = 1; term_count <= most_terms; ++term_count) {
                std::vector<std::vector<std::int64_t>> columns;
                std::vector<Term> terms;
                for (std::size_t k = 0; k < term_count; ++k) columns.push_back(random.numbers(count, -most / 64, most / 64));
                for (std::size_t k = 0; k < term_count; ++k) terms.push_back({columns[k].data(), random.number(-9, 9), 0});
                // The last one is the lesser or the greater of it and of the first, or of it and a number.
                Term& last = terms.back();
                last.kind = static_cast<Term::Kind>((count + term_count) % 3);
                last.factor = random.number(-3, 3);
                last.other = term_count % 2 == 0 ? columns.front().data() : nullptr;
                last.other_factor = last.other != nullptr ? random.number(-3, 3) : random.number(-most / 64, most / 64);
                const auto term_at = [&](const Term& term, std::size_t i) {
                    const std::int64_t x = term.factor * term.values[i], y = term.other != nullptr ? term.other_factor * term.other[i] : term.other_factor;
                    return term.coefficient * (term.kind == Term::Kind::One ? term.values[i] : term.kind == Term::Kind::Lesser ? std::min(x, y) : std::max(x, y));
                };
                const std::int64_t constant = random.number(-100, 100);
                const auto sum = [&](std::size_t i) {
                    std::int64_t total = constant;
                    for (const Term& term : terms) total += term_at(term, i);
                    return total;
                };
                const TermSum given{terms.data(), term_count, constant};
                auto lanes = lanes_for(count);
                kernels->sum(given, count, lanes.data());
                expect_lanes(lanes, count, sum, std::string(kernels->name) + " sum");
                auto words = words_for(count);
                kernels->sum_at_most_zero(given, count, words.data());
                expect_bits(words, count, [&](std::size_t i) { return sum(i) <= 0; }, std::string(kernels->name) + " sum <= 0");
                words = words_for(count);
                kernels->sum_is_zero(given, count, words.data());
                expect_bits(words, count, [&](std::size_t i) { return sum(i) == 0; }, std::string(kernels->name) + " sum = 0");
                for (const std::int64_t divisor : {std::int64_t{1}, std::int64_t{3}, std::int64_t{20}, std::int64_t{1'000'000'007}, std::int64_t{INT32_MAX}}) {
                    lanes = lanes_for(count);
                    kernels->sum_divided(given, divisor, count, lanes.data());
                    expect_lanes(lanes, count, [&](std::size_t i) { return value::divide_floor(sum(i), divisor); }, std::string(kernels->name) + " sum / " + std::to_string(divisor));
                }
            }
        }
    }
}

// A sum of which terms of another one are: alone, times a number, and as the lesser or the greater of two.
TEST(Kernels, sums_within_sums) {
    constexpr std::int64_t most = std::int64_t{1} << 36;
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        for (const std::size_t count : lengths) {
            for (const Term::Kind kind : {Term::Kind::One, Term::Kind::Lesser, Term::Kind::Greater}) {
                const auto a = random.numbers(count, -most, most), b = random.numbers(count, -most, most), c = random.numbers(count, -most, most);
                const Term inner_terms[] = {{a.data(), random.number(-9, 9)}, {b.data(), 4}};
                const TermSum inner{inner_terms, 2, random.number(-100, 100)};
                const auto inner_at = [&](std::size_t i) { return inner.constant + inner_terms[0].coefficient * a[i] + 4 * b[i]; };
                Term terms[2];
                terms[0].coefficient = 3;
                terms[0].of_inner = true;
                terms[1].values = c.data();
                terms[1].kind = kind;
                terms[1].factor = 12;
                terms[1].other_factor = 2;
                terms[1].other_of_inner = true;
                if (random.number(0, 1) == 1) {
                    terms[1].values = nullptr;
                    terms[1].of_inner = true;
                    terms[1].other = c.data();
                    terms[1].other_of_inner = false;
                }
                const TermSum given{terms, 2, -7, &inner};
                const auto sum = [&](std::size_t i) {
                    const std::int64_t x = terms[1].of_inner ? inner_at(i) : c[i], y = terms[1].of_inner ? c[i] : inner_at(i);
                    return -7 + 3 * inner_at(i) + (kind == Term::Kind::One ? x : kind == Term::Kind::Lesser ? std::min(12 * x, 2 * y) : std::max(12 * x, 2 * y));
                };
                auto lanes = lanes_for(count);
                kernels->sum(given, count, lanes.data());
                expect_lanes(lanes, count, sum, std::string(kernels->name) + " sum of a sum");
                auto words = words_for(count);
                kernels->sum_at_most_zero(given, count, words.data());
                expect_bits(
                    words, count, [&](std::size_t i) { return sum(i) <= 0; }, std::string(kernels->name) + " sum of a sum <= 0");
                words = words_for(count);
                kernels->sum_is_zero(given, count, words.data());
                expect_bits(
                    words, count, [&](std::size_t i) { return sum(i) == 0; }, std::string(kernels->name) + " sum of a sum = 0");
                lanes = lanes_for(count);
                kernels->sum_divided(given, 20, count, lanes.data());
                expect_lanes(
                    lanes, count, [&](std::size_t i) { return value::divide_floor(sum(i), std::int64_t{20}); }, std::string(kernels->name) + " sum of a sum / 20");
            }
        }
    }
}

template <class T>
std::vector<T> narrow_numbers(std::size_t count, Random& random) {
    std::vector<T> made;
    for (const std::int64_t number : random.numbers(count, std::numeric_limits<T>::min(), std::numeric_limits<T>::max())) made.push_back(static_cast<T>(number));
    return made;
}

// Also sums that do not fit 32 bits: those wrap.
TEST(Kernels, compare_sums_of_narrow_columns) {
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        for (const std::size_t count : lengths) {
            const auto a = narrow_numbers<std::int8_t>(count, random);
            const auto b = narrow_numbers<std::uint8_t>(count, random);
            const auto c = narrow_numbers<std::int16_t>(count, random);
            const auto d = narrow_numbers<std::uint16_t>(count, random);
            const auto e = narrow_numbers<std::int32_t>(count, random);
            for (std::size_t first = 0; first < 5; ++first) {
                using Type = NarrowTerm::Type;
                const NarrowTerm all[] = {{a.data(), Type::I8}, {b.data(), Type::U8}, {c.data(), Type::I16}, {d.data(), Type::U16}, {e.data(), Type::I32}};
                const auto value = [&](std::size_t which, std::size_t i) -> std::int64_t {
                    switch (which) {
                        case 0: return a[i];
                        case 1: return b[i];
                        case 2: return c[i];
                        case 3: return d[i];
                        default: return e[i];
                    }
                };
                NarrowTerm terms[2] = {all[first], all[(first + 1) % 5]};
                terms[0].coefficient = static_cast<std::int32_t>(random.number(-10, 10));
                terms[1].least = static_cast<std::int32_t>(random.number(-100, 0));
                terms[1].most = static_cast<std::int32_t>(random.number(1, 300));
                const auto constant = static_cast<std::int32_t>(random.number(-100, 100));
                const auto sum = [&](std::size_t i) {
                    const std::int64_t taken_in = std::min<std::int64_t>(std::max<std::int64_t>(value((first + 1) % 5, i), terms[1].least), terms[1].most);
                    return static_cast<std::int32_t>(static_cast<std::uint64_t>(constant + terms[0].coefficient * value(first, i) + taken_in));
                };
                auto words = words_for(count);
                kernels->narrow_sum_at_most_zero(terms, 2, constant, count, words.data());
                expect_bits(words, count, [&](std::size_t i) { return sum(i) <= 0; }, std::string(kernels->name) + " narrow sum <= 0");
                words = words_for(count);
                kernels->narrow_sum_is_zero(terms, 2, constant, count, words.data());
                expect_bits(words, count, [&](std::size_t i) { return sum(i) == 0; }, std::string(kernels->name) + " narrow sum = 0");
            }
        }
    }
}

// Sides that go as far as 16 bits do, and terms that are taken in on the way.
TEST(Kernels, compare_sums_within_16_bits) {
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        for (const std::size_t count : lengths) {
            const auto up_to = [&]<class T>(T, std::int64_t most) {
                std::vector<T> made;
                for (const std::int64_t number : random.numbers(count, 0, most)) made.push_back(static_cast<T>(number));
                return made;
            };
            const auto a = up_to(std::int8_t{}, 127);
            const auto b = up_to(std::uint8_t{}, 255);
            const auto c = up_to(std::int16_t{}, 3'000);
            const auto d = up_to(std::uint16_t{}, 60'000);
            using Type = NarrowTerm::Type;
            for (int round = 0; round < 20; ++round) {
                NarrowTerm terms[] = {{a.data(), Type::I8}, {b.data(), Type::U8}, {c.data(), Type::I16}, {d.data(), Type::U16}};
                terms[0].coefficient = static_cast<std::int32_t>(random.number(-9, 9));
                terms[1].coefficient = -1;
                terms[1].most = static_cast<std::int32_t>(random.number(1, 300));
                terms[2].coefficient = 20;
                terms[2].least = static_cast<std::int32_t>(random.number(-100, 2'000));
                terms[3].coefficient = -1;
                const auto constant = static_cast<std::int32_t>(random.number(-1'000, 1'000));
                const auto sum = [&](std::size_t i) {
                    const auto taken_in = [](std::int64_t x, const NarrowTerm& term) { return std::min<std::int64_t>(std::max<std::int64_t>(x, term.least), term.most); };
                    return constant + terms[0].coefficient * a[i] - taken_in(b[i], terms[1]) + 20 * taken_in(c[i], terms[2]) - d[i];
                };
                auto words = words_for(count);
                kernels->short_sum_at_most_zero(terms, 4, constant, count, words.data());
                expect_bits(words, count, [&](std::size_t i) { return sum(i) <= 0; }, std::string(kernels->name) + " short sum <= 0");
                words = words_for(count);
                kernels->short_sum_is_zero(terms, 4, constant, count, words.data());
                expect_bits(words, count, [&](std::size_t i) { return sum(i) == 0; }, std::string(kernels->name) + " short sum = 0");
            }
        }
    }
}

TEST(Kernels, count_and_gather_lanes) {
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        for (const std::size_t count : lengths) {
            auto bits = random.words(count);
            if (count % 64 != 0) bits.back() &= (std::uint64_t{1} << (count % 64)) - 1;
            std::vector<std::uint32_t> expected;
            for (std::uint32_t i = 0; i < count; ++i)
                if ((bits[i / 64] >> (i % 64) & 1) != 0) expected.push_back(i);
            ASSERT_EQ(kernels->count(bits.data(), bits.size()), expected.size()) << kernels->name;
            std::vector<std::uint32_t> lanes(expected.size() + 16);
            kernels->indices(bits.data(), bits.size(), lanes.data());
            ASSERT_TRUE(std::equal(expected.begin(), expected.end(), lanes.begin())) << kernels->name << " indices of " << count;
            const auto x = random.numbers(count, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
            auto gathered = lanes_for(expected.size());
            kernels->gather(x.data(), expected.data(), expected.size(), gathered.data());
            expect_lanes(gathered, expected.size(), [&](std::size_t i) { return x[expected[i]]; }, std::string(kernels->name) + " gather");
        }
    }
}

// Floating hardware divides here: the largest numbers that it is given, and those around whole quotients.
TEST(Kernels, divide_what_is_nearly_whole) {
    constexpr std::int64_t most = (std::int64_t{1} << 50) - 1;
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        for (int round = 0; round < 400; ++round) {
            const std::int64_t divisor = random.number(1, round % 2 == 0 ? 100 : INT32_MAX);
            std::vector<std::int64_t> x;
            for (int i = 0; i < 67; ++i) x.push_back(std::clamp(random.within(-most / divisor, most / divisor) * divisor + random.within(-1, 1), -most, most));
            x.front() = most;
            x.back() = -most;
            const Term term{x.data(), 1, 0};
            auto lanes = lanes_for(x.size());
            kernels->sum_divided({&term, 1, 0}, divisor, x.size(), lanes.data());
            expect_lanes(lanes, x.size(), [&](std::size_t i) { return value::divide_floor(x[i], divisor); }, std::string(kernels->name) + " / " + std::to_string(divisor));
        }
    }
}

TEST(Kernels, multiply_choose_and_limit) {
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(), greatest = std::numeric_limits<std::int64_t>::max();
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        const std::string name = kernels->name;
        for (const std::size_t count : lengths) {
            const auto a = random.numbers(count, least, greatest), b = random.numbers(count, least, greatest);
            const auto bits = random.words(count);
            const std::int64_t limit = random.number(least, greatest);
            const auto try_one = [&](const char* what, auto run, auto expected) {
                auto lanes = lanes_for(count);
                run(lanes.data());
                expect_lanes(lanes, count, expected, name + what);
            };
            // Of 64 bits, as every engine multiplies.
            try_one(" *", [&](std::int64_t* out) { kernels->multiply(a.data(), b.data(), count, out); },
                    [&](std::size_t i) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a[i]) * static_cast<std::uint64_t>(b[i])); });
            try_one(" min", [&](std::int64_t* out) { kernels->minimum(a.data(), b.data(), count, out); }, [&](std::size_t i) { return std::min(a[i], b[i]); });
            try_one(" max", [&](std::int64_t* out) { kernels->maximum(a.data(), b.data(), count, out); }, [&](std::size_t i) { return std::max(a[i], b[i]); });
            try_one(" min c", [&](std::int64_t* out) { kernels->minimum_constant(a.data(), limit, count, out); }, [&](std::size_t i) { return std::min(a[i], limit); });
            try_one(" max c", [&](std::int64_t* out) { kernels->maximum_constant(a.data(), limit, count, out); }, [&](std::size_t i) { return std::max(a[i], limit); });
            for (int which = 0; which < 4; ++which) {
                const std::int64_t *x = (which & 1) != 0 ? a.data() : nullptr, *y = (which & 2) != 0 ? b.data() : nullptr;
                try_one(" select", [&](std::int64_t* out) { kernels->select(bits.data(), x, 7, y, -8, count, out); },
                        [&](std::size_t i) { return (bits[i / 64] >> (i % 64) & 1) != 0 ? (x != nullptr ? x[i] : 7) : (y != nullptr ? y[i] : -8); });
            }
        }
    }
}

// Past the cache where the results begin on one of its lines, into it where they do not: the same either way.
TEST(Kernels, put_results_wherever_they_begin) {
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        for (const std::size_t count : lengths) {
            for (const std::size_t begin : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}}) {
                const auto a = random.numbers(count, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
                const auto may = random.words(count);
                std::vector<std::uint64_t> sure = random.words(count);
                for (std::size_t i = 0; i < sure.size(); ++i) sure[i] &= may[i];
                const auto is_set = [](const auto& words, std::size_t i) { return (words[i / 64] >> (i % 64) & 1) != 0; };
                struct alignas(64) Line {
                    std::int64_t lanes[8];
                };
                std::vector<Line> memory((begin + count) / 8 + 1, Line{{5, 5, 5, 5, 5, 5, 5, 5}});
                std::int64_t* const amounts = memory.front().lanes + begin;
                kernels->put_amounts(may.data(), a.data(), count, amounts);
                kernels->settle_stores();
                for (std::size_t i = 0; i < count; ++i)
                    ASSERT_EQ(amounts[i], is_set(may, i) ? a[i] : 0) << kernels->name << " amount " << i << " of " << count << " from " << begin << " on";
                ASSERT_EQ(amounts[count], 5) << kernels->name;
                auto* const verdicts = reinterpret_cast<std::uint8_t*>(memory.front().lanes) + begin;
                verdicts[count] = 0x5A;
                kernels->put_verdicts(sure.data(), may.data(), count, verdicts);
                kernels->settle_stores();
                for (std::size_t i = 0; i < count; ++i)
                    ASSERT_EQ(verdicts[i], is_set(sure, i) ? 0 : is_set(may, i) ? 2 : 1) << kernels->name << " verdict " << i << " of " << count << " from " << begin << " on";
                ASSERT_EQ(verdicts[count], 0x5A) << kernels->name;
            }
        }
    }
}

TEST(Kernels, join_bitmaps_and_spell_them_out) {
    for (const Kernels* const kernels : all_kernels()) {
        Random random;
        for (const std::size_t count : lengths) {
            const auto a = random.words(count), b = random.words(count), c = random.words(count);
            const std::size_t words = a.size();
            const std::uint64_t* const operands[] = {a.data(), b.data(), c.data()};
            const std::uint64_t turns[] = {~std::uint64_t{0}, 0, ~std::uint64_t{0}};
            std::vector<std::uint64_t> all = words_for(count), any = words_for(count), none = words_for(count);
            kernels->and_all(operands, turns, 3, words, all.data());
            kernels->or_all(operands, turns, 3, words, any.data());
            kernels->and_all(operands, turns, 1, words, none.data());
            for (std::size_t i = 0; i < words; ++i) {
                ASSERT_EQ(all[i], ~a[i] & b[i] & ~c[i]) << kernels->name;
                ASSERT_EQ(any[i], ~a[i] | b[i] | ~c[i]) << kernels->name;
                ASSERT_EQ(none[i], ~a[i]) << kernels->name;
            }
            for (const auto* made : {&all, &any, &none}) ASSERT_EQ(made->back(), untouched_word) << kernels->name;
            std::vector<std::uint64_t> packed = words_for(count), back = words_for(count);
            kernels->extract(a.data(), b.data(), words, packed.data());
            kernels->deposit(packed.data(), b.data(), words, back.data());
            std::size_t at = 0;
            for (std::size_t i = 0; i < words * 64; ++i) {
                if ((b[i / 64] >> (i % 64) & 1) == 0) continue;
                ASSERT_EQ(packed[at / 64] >> (at % 64) & 1, a[i / 64] >> (i % 64) & 1) << kernels->name << " " << i;
                ++at;
            }
            for (std::size_t i = 0; i < words; ++i) ASSERT_EQ(back[i], a[i] & b[i]) << kernels->name << " " << i;
            ASSERT_EQ(packed.back(), untouched_word);
            std::vector<std::uint64_t> sure;
            for (std::size_t i = 0; i < words; ++i) sure.push_back(a[i] & b[i]);
            std::vector<std::uint8_t> verdicts(count + 1, 0x5A);
            kernels->verdicts(sure.data(), b.data(), count, verdicts.data());
            for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(verdicts[i], (sure[i / 64] >> (i % 64) & 1) != 0 ? 0 : (b[i / 64] >> (i % 64) & 1) != 0 ? 2 : 1) << kernels->name << " " << i;
            ASSERT_EQ(verdicts.back(), 0x5A);
        }
    }
}

}  // namespace
}  // namespace eligo::columnar
