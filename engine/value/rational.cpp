// Rational numbers: normalising, exact operations, and their decimal notation in both directions.
//
// Inside, signs and magnitudes are kept apart, since the magnitude of the least Int128 is no Int128.
// Tested by tests/unit/value_rational_test.cpp, against a big-integer library.
#include "rational.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

#include "exact_text.hpp"
#include "round.hpp"

namespace eligo::value {

namespace {

enum class Sign : std::uint8_t { Positive, Negative };

Sign sign_of(Int128 value) { return value < 0 ? Sign::Negative : Sign::Positive; }
Sign sign_of_product(Sign a, Sign b) { return a == b ? Sign::Positive : Sign::Negative; }

UInt128 magnitude(Int128 value) {
    return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

std::optional<Int128> with_sign(UInt128 magnitude, Sign sign) {
    const UInt128 greatest = static_cast<UInt128>(int128_max);
    if (sign == Sign::Negative && magnitude == greatest + 1) return int128_min;
    if (magnitude > greatest) return std::nullopt;
    const Int128 value = static_cast<Int128>(magnitude);
    return sign == Sign::Negative ? -value : value;
}

UInt128 common_factor(UInt128 a, UInt128 b) {
    while (b != 0) {
        const UInt128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

std::optional<UInt128> checked_product(UInt128 a, UInt128 b) {
    UInt128 result = 0;
    if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
    return result;
}

std::optional<UInt128> checked_power(UInt128 base, int exponent) {
    std::optional<UInt128> result = UInt128{1};
    for (int i = 0; i < exponent && result; ++i) result = checked_product(*result, base);
    return result;
}

std::optional<Rational> make_signed(UInt128 numerator, UInt128 denominator, Sign sign) {
    if (denominator == 0) return std::nullopt;
    const UInt128 factor = common_factor(numerator, denominator);
    const auto top = with_sign(numerator / factor, sign);
    const auto bottom = with_sign(denominator / factor, Sign::Positive);
    if (!top || !bottom) return std::nullopt;
    return Rational::make(*top, *bottom);
}

// a/b * c/d, both in lowest terms. Factors are cancelled crosswise first, so that the products are already
// in lowest terms and overflow only when the result itself does not fit.
std::optional<Rational> cross_product(UInt128 a, UInt128 b, UInt128 c, UInt128 d, Sign sign) {
    if (b == 0 || d == 0) return std::nullopt;
    const UInt128 left = common_factor(a, d);
    const UInt128 right = common_factor(c, b);
    const auto top = checked_product(a / left, c / right);
    const auto bottom = checked_product(b / right, d / left);
    if (!top || !bottom) return std::nullopt;
    return make_signed(*top, *bottom, sign);
}

using Checked = std::optional<Int128> (*)(Int128, Int128);

// a + b or a - b over the least common denominator (Knuth, The Art of Computer Programming, 4.5.1).
std::optional<Rational> combine(const Rational& a, const Rational& b, Checked operation) {
    const Int128 shared = gcd(a.denominator(), b.denominator());
    const Int128 rest = a.denominator() / shared;
    const auto left = checked_mul(a.numerator(), b.denominator() / shared);
    const auto right = checked_mul(b.numerator(), rest);
    if (!left || !right) return std::nullopt;
    const auto top = operation(*left, *right);
    if (!top) return std::nullopt;
    const auto factor = static_cast<Int128>(common_factor(magnitude(*top), static_cast<UInt128>(shared)));
    const auto bottom = checked_mul(rest, b.denominator() / factor);
    if (!bottom) return std::nullopt;
    return Rational::make(*top / factor, *bottom);
}

// What is left of the number above its floor, times the denominator: 0 .. denominator - 1.
Int128 rest_above_floor(Int128 numerator, Int128 denominator) {
    const Int128 rest = numerator % denominator;
    return rest < 0 ? rest + denominator : rest;
}

// Divides by `factor` as often as it goes and says how often.
int strip_factor(Int128& value, Int128 factor) {
    int times = 0;
    for (; value % factor == 0; ++times) value /= factor;
    return times;
}

std::string digits_of(UInt128 value) {
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

// --- Reading -----------------------------------------------------------------------------------------------

struct Notation {
    Sign sign = Sign::Positive;
    std::string_view whole;
    std::string_view fraction;
    std::int64_t exponent = 0;
};

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

std::string_view take_digits(std::string_view& text) {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    const std::string_view digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

// Reads what follows the `e`. An exponent beyond any length of text stands for every greater one: no digits
// that memory can hold would bring such a number back into range.
std::optional<std::int64_t> take_exponent(std::string_view& text) {
    constexpr std::int64_t enough = 100'000'000'000'000'000;
    const Sign sign = take(text, '-') ? Sign::Negative : Sign::Positive;
    if (sign == Sign::Positive) take(text, '+');
    const std::string_view digits = take_digits(text);
    if (digits.empty()) return std::nullopt;
    std::int64_t exponent = 0;
    for (const char c : digits) exponent = std::min(enough, exponent * 10 + (c - '0'));
    return sign == Sign::Negative ? -exponent : exponent;
}

std::optional<Notation> read_notation(std::string_view text) {
    Notation notation;
    if (take(text, '-')) notation.sign = Sign::Negative;
    notation.whole = take_digits(text);
    if (notation.whole.empty()) return std::nullopt;
    if (take(text, '.')) {
        notation.fraction = take_digits(text);
        if (notation.fraction.empty()) return std::nullopt;
    }
    if (take(text, 'e') || take(text, 'E')) {
        const auto exponent = take_exponent(text);
        if (!exponent) return std::nullopt;
        notation.exponent = *exponent;
    }
    if (!text.empty()) return std::nullopt;
    return notation;
}

// The significant digits of a number, from the first to the last that is not zero. 128 are enough: the longest
// number of 128 bits is a whole number of 39 digits over 2^126, and 5^126 has 89 digits.
class Significand {
public:
    // False when there are too many of them for any number of 128 bits.
    [[nodiscard]] bool append(std::string_view text) {
        for (const char c : text) {
            if (c == '0') {
                ++trailing_zeros_;
            } else if (!append_digit(static_cast<std::uint8_t>(c - '0'))) {
                return false;
            }
        }
        return true;
    }
    [[nodiscard]] bool is_zero() const { return count_ == 0; }
    // Zeros that follow the last digit kept.
    [[nodiscard]] std::int64_t trailing_zeros() const { return trailing_zeros_; }
    [[nodiscard]] bool is_divisible_by(unsigned prime) const { return digits_[count_ - 1] % prime == 0; }

    // By a divisor of ten.
    void divide(unsigned divisor) {
        unsigned rest = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            const unsigned digit = rest * 10 + digits_[i];
            digits_[i] = static_cast<std::uint8_t>(digit / divisor);
            rest = digit % divisor;
        }
    }

    [[nodiscard]] std::optional<UInt128> to_integer() const {
        UInt128 value = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            if (__builtin_mul_overflow(value, UInt128{10}, &value)) return std::nullopt;
            if (__builtin_add_overflow(value, UInt128{digits_[i]}, &value)) return std::nullopt;
        }
        return value;
    }

private:
    [[nodiscard]] bool append_digit(std::uint8_t digit) {
        if (is_zero()) trailing_zeros_ = 0;  // those were leading zeros
        const std::size_t room = digits_.size() - count_;
        if (static_cast<std::uint64_t>(trailing_zeros_) >= room) return false;
        for (; trailing_zeros_ > 0; --trailing_zeros_) digits_[count_++] = 0;
        digits_[count_++] = digit;
        return true;
    }

    std::array<std::uint8_t, 128> digits_{};
    std::size_t count_ = 0;
    std::int64_t trailing_zeros_ = 0;
};

std::optional<Rational> times_power_of_ten(const Significand& significand, std::int64_t power, Sign sign) {
    if (power > 38) return std::nullopt;
    const auto digits = significand.to_integer();
    const auto scale = checked_power(10, static_cast<int>(power));
    if (!digits || !scale) return std::nullopt;
    const auto product = checked_product(*digits, *scale);
    if (!product) return std::nullopt;
    return make_signed(*product, 1, sign);
}

// Twos and fives are cancelled while the number is still decimal digits, because 5^100 / 10^100 fits in
// 128 bits and neither part of it does. A denominator of 10^127 leaves at least 2^127, which never fits.
std::optional<Rational> over_power_of_ten(Significand significand, std::int64_t power, Sign sign) {
    if (power > 126) return std::nullopt;
    int twos = static_cast<int>(power);
    int fives = twos;
    for (; twos > 0 && significand.is_divisible_by(2); --twos) significand.divide(2);
    for (; fives > 0 && significand.is_divisible_by(5); --fives) significand.divide(5);
    const auto digits = significand.to_integer();
    const auto even = checked_power(2, twos);
    const auto odd = checked_power(5, fives);
    if (!digits || !even || !odd) return std::nullopt;
    const auto denominator = checked_product(*even, *odd);
    if (!denominator) return std::nullopt;
    return make_signed(*digits, *denominator, sign);
}

}  // namespace

std::optional<Rational> Rational::make(Int128 numerator, Int128 denominator) {
    if (denominator == 0) return std::nullopt;
    const UInt128 factor = common_factor(magnitude(numerator), magnitude(denominator));
    const Sign sign = sign_of_product(sign_of(numerator), sign_of(denominator));
    const auto top = with_sign(magnitude(numerator) / factor, sign);
    const auto bottom = with_sign(magnitude(denominator) / factor, Sign::Positive);
    if (!top || !bottom) return std::nullopt;
    return Rational(*top, *bottom);
}

Rational Rational::of(Int128 numerator, Int128 denominator) {
    const auto result = make(numerator, denominator);
    assert(result.has_value());
    return *result;
}

bool Rational::is_finite_decimal() const { return decimals().has_value(); }

std::optional<int> Rational::decimals() const {
    Int128 rest = denominator_;
    const int twos = strip_factor(rest, 2);
    const int fives = strip_factor(rest, 5);
    if (rest != 1) return std::nullopt;
    return std::max(twos, fives);
}

std::optional<Rational> add(const Rational& a, const Rational& b) { return combine(a, b, checked_add); }

std::optional<Rational> subtract(const Rational& a, const Rational& b) { return combine(a, b, checked_sub); }

std::optional<Rational> multiply(const Rational& a, const Rational& b) {
    return cross_product(magnitude(a.numerator()), magnitude(a.denominator()), magnitude(b.numerator()),
                         magnitude(b.denominator()),
                         sign_of_product(sign_of(a.numerator()), sign_of(b.numerator())));
}

std::optional<Rational> divide(const Rational& a, const Rational& b) {
    return cross_product(magnitude(a.numerator()), magnitude(a.denominator()), magnitude(b.denominator()),
                         magnitude(b.numerator()),
                         sign_of_product(sign_of(a.numerator()), sign_of(b.numerator())));
}

std::optional<Rational> negate(const Rational& a) { return subtract(0, a); }

// Where the cross products do not fit, the whole parts decide; where these are equal, the fractions, and those
// by their reciprocals the other way round. It is Euclid's algorithm on both at once, so it ends.
std::strong_ordering compare(const Rational& a, const Rational& b) {
    const auto left = checked_mul(a.numerator(), b.denominator());
    const auto right = checked_mul(b.numerator(), a.denominator());
    if (left && right) return *left <=> *right;
    Int128 a_top = a.numerator();
    Int128 a_bottom = a.denominator();
    Int128 b_top = b.numerator();
    Int128 b_bottom = b.denominator();
    while (true) {
        const Int128 a_floor = divide_floor(a_top, a_bottom);
        const Int128 b_floor = divide_floor(b_top, b_bottom);
        if (a_floor != b_floor) return a_floor <=> b_floor;
        const Int128 a_rest = rest_above_floor(a_top, a_bottom);
        const Int128 b_rest = rest_above_floor(b_top, b_bottom);
        if (a_rest == 0 || b_rest == 0) return a_rest <=> b_rest;
        a_top = b_bottom;
        b_top = a_bottom;
        a_bottom = b_rest;
        b_bottom = a_rest;
    }
}

// In lowest terms the greatest common unit of a/b and c/d is gcd(a, c) / lcm(b, d).
std::optional<Rational> unit_gcd(const Rational& a, const Rational& b) {
    const UInt128 top = common_factor(magnitude(a.numerator()), magnitude(b.numerator()));
    const UInt128 left = magnitude(a.denominator());
    const UInt128 right = magnitude(b.denominator());
    const auto bottom = checked_product(left / common_factor(left, right), right);
    if (!bottom) return std::nullopt;
    return make_signed(top, *bottom, Sign::Positive);
}

Int128 floor(const Rational& a) { return divide_rounded(a.numerator(), a.denominator(), Rounding::Down); }

Int128 ceil(const Rational& a) { return divide_rounded(a.numerator(), a.denominator(), Rounding::Up); }

std::string to_string(const Rational& a) { return to_string(a, 1); }

std::string to_string(const Rational& a, std::int64_t times) { return exact_text({a.numerator(), a.denominator(), times}); }

std::string to_string(Int128 value) {
    std::string text = value < 0 ? "-" : "";
    text += digits_of(magnitude(value));
    return text;
}

std::optional<Rational> parse_decimal(std::string_view text) {
    const auto notation = read_notation(text);
    if (!notation) return std::nullopt;
    Significand significand;
    if (!significand.append(notation->whole) || !significand.append(notation->fraction)) return std::nullopt;
    if (significand.is_zero()) return Rational();
    const std::int64_t power = notation->exponent - static_cast<std::int64_t>(notation->fraction.size()) +
                               significand.trailing_zeros();
    if (power >= 0) return times_power_of_ten(significand, power, notation->sign);
    return over_power_of_ten(significand, -power, notation->sign);
}

}  // namespace eligo::value
