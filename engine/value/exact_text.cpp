#include "exact_text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <optional>

namespace eligo::value {
namespace {

// A whole number of up to 1,024 bits. Parts need the most where the denominator is 2^254: 254 decimals of a numerator of 254
// bits, which is 844 bits.
class Natural {
public:
    explicit Natural(UInt128 number) : limbs_{static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(number >> 64)}, size_(2) { trim(); }

    void multiply(UInt128 factor) {
        const auto low = static_cast<std::uint64_t>(factor), high = static_cast<std::uint64_t>(factor >> 64);
        if (high == 0) return multiply_word(low);
        Natural upper = *this;
        multiply_word(low);
        upper.multiply_word(high);
        add(upper, 1);
    }
    void multiply_power(std::uint64_t base, int exponent) {
        for (; exponent > 0; --exponent) multiply_word(base);
    }
    // The other number, that many limbs further up.
    void add(const Natural& other, std::size_t shift) {
        UInt128 carry = 0;
        for (std::size_t i = 0; i < other.size_ || carry != 0; ++i) {
            while (size_ <= i + shift) push(0);
            carry += static_cast<UInt128>(limbs_[i + shift]) + (i < other.size_ ? other.limbs_[i] : 0);
            limbs_[i + shift] = static_cast<std::uint64_t>(carry);
            carry >>= 64;
        }
    }
    // What remains.
    std::uint64_t divide(std::uint64_t divisor) {
        UInt128 rest = 0;
        for (std::size_t i = size_; i-- > 0;) {
            rest = rest << 64 | limbs_[i];
            limbs_[i] = static_cast<std::uint64_t>(rest / divisor);
            rest %= divisor;
        }
        trim();
        return static_cast<std::uint64_t>(rest);
    }
    // Bit by bit; what remains stays in `rest`.
    [[nodiscard]] Natural divided(const Natural& divisor, Natural& rest) const {
        Natural quotient(0);
        quotient.size_ = size_;
        rest = Natural(0);
        for (std::size_t bit = size_ * 64; bit-- > 0;) {
            rest.double_and_add(limbs_[bit / 64] >> (bit % 64) & 1);
            if (rest < divisor) continue;
            rest.subtract(divisor);
            quotient.limbs_[bit / 64] |= std::uint64_t{1} << (bit % 64);
        }
        quotient.trim();
        return quotient;
    }
    void double_and_add(std::uint64_t bit) {
        for (std::size_t i = 0; i < size_; ++i) {
            const std::uint64_t out = limbs_[i] >> 63;
            limbs_[i] = limbs_[i] << 1 | bit;
            bit = out;
        }
        if (bit != 0) push(bit);
    }

    [[nodiscard]] bool is_zero() const { return size_ == 0; }
    [[nodiscard]] std::array<std::uint64_t, 4> lowest() const { return {limbs_[0], limbs_[1], limbs_[2], limbs_[3]}; }
    friend bool operator<(const Natural& a, const Natural& b) {
        if (a.size_ != b.size_) return a.size_ < b.size_;
        for (std::size_t i = a.size_; i-- > 0;)
            if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] < b.limbs_[i];
        return false;
    }

    [[nodiscard]] std::string digits() const {
        constexpr std::uint64_t together = 10'000'000'000'000'000'000U;
        std::string text;
        Natural left = *this;
        do {
            std::uint64_t part = left.divide(together);
            for (int i = 0; i < 19 && (part != 0 || !left.is_zero()); ++i, part /= 10) text += static_cast<char>('0' + part % 10);
        } while (!left.is_zero());
        if (text.empty()) text = "0";
        std::reverse(text.begin(), text.end());
        return text;
    }

private:
    void multiply_word(std::uint64_t factor) {
        UInt128 carry = 0;
        for (std::size_t i = 0; i < size_; ++i) {
            carry += static_cast<UInt128>(limbs_[i]) * factor;
            limbs_[i] = static_cast<std::uint64_t>(carry);
            carry >>= 64;
        }
        if (carry != 0) push(static_cast<std::uint64_t>(carry));
        trim();
    }
    // A lesser number, or an equal one.
    void subtract(const Natural& other) {
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < size_; ++i) {
            const UInt128 taken = static_cast<UInt128>(i < other.size_ ? other.limbs_[i] : 0) + borrow;
            borrow = taken > limbs_[i] ? 1 : 0;
            limbs_[i] -= static_cast<std::uint64_t>(taken);
        }
        trim();
    }
    void push(std::uint64_t limb) {
        assert(size_ < limbs_.size());
        limbs_[size_++] = limb;
    }
    void trim() {
        while (size_ > 0 && limbs_[size_ - 1] == 0) --size_;
    }

    std::array<std::uint64_t, 16> limbs_{};
    std::size_t size_ = 0;  // without leading zeros
};

UInt128 magnitude(Int128 number) { return number < 0 ? UInt128{0} - static_cast<UInt128>(number) : static_cast<UInt128>(number); }

UInt128 common_factor(UInt128 a, UInt128 b) {
    while (b != 0) {
        const UInt128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

// Of a number above zero: how often `factor` divides it, at most so often; it is then without these factors.
int strip(UInt128& number, unsigned factor, int most) {
    int times = 0;
    for (; times < most && number % factor == 0; ++times) number /= factor;
    return times;
}

// The magnitude as top[0] * top[1] / (bottom[0] * bottom[1] * 2^twos * 5^fives), where no prime but 2 and 5 is in both.
struct Reduced {
    explicit Reduced(const Parts& parts)
        : top{magnitude(parts.numerator), magnitude(parts.unit_numerator)}, bottom{magnitude(parts.denominator), magnitude(parts.unit_denominator)} {
        for (UInt128& of : bottom) {
            twos += strip(of, 2, 127);
            fives += strip(of, 5, 127);
        }
        for (UInt128& over : top)
            for (UInt128& under : bottom) {
                if (under == 1) continue;
                const UInt128 common = common_factor(over, under);
                over /= common;
                under /= common;
            }
    }
    [[nodiscard]] bool is_decimal() const { return bottom[0] == 1 && bottom[1] == 1; }
    // Of a decimal: how many times 1 / 10^decimals it is.
    [[nodiscard]] Natural counted(int decimals) const;
    void cancel_twos_and_fives() {
        for (UInt128& of : top) {
            twos -= strip(of, 2, twos);
            fives -= strip(of, 5, fives);
        }
    }

    UInt128 top[2], bottom[2];
    int twos = 0, fives = 0;
};

Natural product(UInt128 a, UInt128 b) {
    Natural result(a);
    result.multiply(b);
    return result;
}

Natural Reduced::counted(int decimals) const {
    Natural whole = product(top[0], top[1]);
    whole.multiply_power(2, decimals - twos);
    whole.multiply_power(5, decimals - fives);
    return whole;
}

// The magnitude as one machine word over another: nearly all that people write, and many times quicker to print.
struct Word {
    std::uint64_t top = 0, bottom = 1;
};
std::optional<Word> word_of(const Parts& parts) {
    const UInt128 numerator = magnitude(parts.numerator);
    if ((numerator | static_cast<UInt128>(parts.unit_numerator) | static_cast<UInt128>(parts.denominator) | static_cast<UInt128>(parts.unit_denominator)) >> 64 != 0) return std::nullopt;
    const UInt128 top = numerator * static_cast<UInt128>(parts.unit_numerator), bottom = static_cast<UInt128>(parts.denominator) * static_cast<UInt128>(parts.unit_denominator);
    if ((top | bottom) >> 64 != 0) return std::nullopt;
    return Word{static_cast<std::uint64_t>(top), static_cast<std::uint64_t>(bottom)};
}

constexpr std::array<std::uint64_t, 20> powers_of_ten = [] {
    std::array<std::uint64_t, 20> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

// The digits of a whole number of 1 / 10^decimals, with a point; zeros at the end are left out down to `least`.
std::string with_point(std::string digits, int decimals, int least) {
    const auto behind = static_cast<std::size_t>(decimals);
    if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
    const std::size_t whole = digits.size() - behind, shortest = whole + static_cast<std::size_t>(std::max(least, 0));
    while (digits.size() > shortest && digits.size() > whole && digits.back() == '0') digits.pop_back();
    if (digits.size() < shortest) digits.append(shortest - digits.size(), '0');
    if (digits.size() > whole) digits.insert(whole, 1, '.');
    return digits;
}

// As with_point() has it, of a word.
std::string decimal_text(bool negative, std::uint64_t count, std::size_t decimals, std::size_t least) {
    for (; decimals > least && count % 10 == 0; --decimals) count /= 10;
    char characters[2 * powers_of_ten.size() + 3];
    char* const end = std::end(characters);
    char* first = end;
    for (std::size_t written = 0; written <= decimals || count != 0; ++written, count /= 10) {
        if (written == decimals && decimals != 0) *--first = '.';
        *--first = static_cast<char>('0' + count % 10);
    }
    if (negative) *--first = '-';
    std::string text(first, end);
    if (decimals >= least) return text;
    if (decimals == 0) text += '.';
    return text.append(least - decimals, '0');
}

// Nothing where its digits are more than those of a word.
std::optional<std::string> exact_text(bool negative, const Word& word, std::size_t least) {
    const int twos = std::countr_zero(word.bottom);
    int fives = 0;
    std::uint64_t others = word.bottom >> twos;
    for (; others % 5 == 0; ++fives) others /= 5;
    if (others != 1 && word.top % others != 0) {
        const std::uint64_t common = std::gcd(word.top, word.bottom);
        return (negative ? "-" : "") + std::to_string(word.top / common) + '/' + std::to_string(word.bottom / common);
    }
    const auto decimals = static_cast<std::size_t>(std::max(twos, fives));
    if (decimals >= powers_of_ten.size()) return std::nullopt;
    const UInt128 count = static_cast<UInt128>(word.top / others) * (powers_of_ten[decimals] / (word.bottom / others));
    if (count >> 64 != 0) return std::nullopt;
    return decimal_text(negative, static_cast<std::uint64_t>(count), decimals, least);
}

std::optional<std::string> near_text(bool negative, const Word& word, std::size_t most, std::size_t least) {
    if (most >= powers_of_ten.size()) return std::nullopt;
    const UInt128 numerator = static_cast<UInt128>(word.top) * powers_of_ten[most];
    const UInt128 quotient = numerator / word.bottom, rest = numerator % word.bottom, nearest = quotient + (rest >= word.bottom - rest ? 1 : 0);
    if (nearest >> 64 != 0) return std::nullopt;
    return decimal_text(negative && nearest != 0, static_cast<std::uint64_t>(nearest), most, least);
}

}  // namespace

std::string exact_text(const Parts& parts, int least_decimals) {
    if (const auto word = word_of(parts)) {
        if (auto text = exact_text(parts.numerator < 0, *word, static_cast<std::size_t>(std::max(least_decimals, 0)))) return *std::move(text);
    }
    const std::string sign = parts.numerator < 0 ? "-" : "";
    Reduced number(parts);
    if (number.is_decimal()) {
        const int decimals = std::max(number.twos, number.fives);
        return sign + with_point(number.counted(decimals).digits(), decimals, least_decimals);
    }
    number.cancel_twos_and_fives();
    Natural denominator = product(number.bottom[0], number.bottom[1]);
    denominator.multiply_power(2, number.twos);
    denominator.multiply_power(5, number.fives);
    return sign + product(number.top[0], number.top[1]).digits() + '/' + denominator.digits();
}

std::string near_text(const Parts& parts, int most_decimals, int least_decimals) {
    if (const auto word = word_of(parts)) {
        if (auto text = near_text(parts.numerator < 0, *word, static_cast<std::size_t>(most_decimals), static_cast<std::size_t>(std::max(least_decimals, 0)))) return *std::move(text);
    }
    Natural numerator = product(magnitude(parts.numerator), magnitude(parts.unit_numerator));
    numerator.multiply_power(10, most_decimals);
    const Natural denominator = product(magnitude(parts.denominator), magnitude(parts.unit_denominator));
    Natural rest(0);
    Natural quotient = numerator.divided(denominator, rest);
    rest.double_and_add(0);
    if (!(rest < denominator)) quotient.add(Natural(1), 0);
    // A number that is nearest to zero has no sign.
    const std::string sign = parts.numerator < 0 && !quotient.is_zero() ? "-" : "";
    return sign + with_point(quotient.digits(), most_decimals, least_decimals);
}

std::array<std::uint64_t, 4> exact_decimal(const Parts& parts, int decimals) {
    Reduced number(parts);
    number.cancel_twos_and_fives();
    assert(number.is_decimal() && number.twos <= decimals && number.fives <= decimals);
    std::array<std::uint64_t, 4> limbs = number.counted(decimals).lowest();
    if (parts.numerator >= 0) return limbs;
    std::uint64_t carry = 1;
    for (std::uint64_t& limb : limbs) {
        limb = ~limb + carry;
        carry = limb == 0 ? carry : 0;
    }
    return limbs;
}

// Whole parts of as many digits, and decimals, have the order of their characters.
std::strong_ordering compare_decimals(std::string_view a, std::string_view b) {
    const bool negative = a.starts_with('-');
    if (negative != b.starts_with('-')) return negative ? std::strong_ordering::less : std::strong_ordering::greater;
    if (negative) return compare_decimals(b.substr(1), a.substr(1));
    const std::string_view a_whole = a.substr(0, a.find('.')), b_whole = b.substr(0, b.find('.'));
    if (a_whole.size() != b_whole.size()) return a_whole.size() <=> b_whole.size();
    return a.compare(b) <=> 0;
}

}  // namespace eligo::value
