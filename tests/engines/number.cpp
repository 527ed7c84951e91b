#include "number.hpp"

#include <numeric>
#include <utility>

namespace eligo::oracle {
namespace {

__extension__ typedef unsigned __int128 UWide;

UWide magnitude(Number::Wide number) { return number < 0 ? ~static_cast<UWide>(number) + 1 : static_cast<UWide>(number); }

UWide greatest_common(UWide a, UWide b) {
    // Euclid's, until both fit 64 bits.
    while (b >> 64 != 0) a = std::exchange(b, a % b);
    if (b == 0) return a;
    const auto rest = static_cast<std::uint64_t>(a % b);
    return std::gcd(rest, static_cast<std::uint64_t>(b));
}

Number::Whole whole_of(UWide magnitude, bool negative) {
    Number::Whole result = static_cast<std::uint64_t>(magnitude >> 64);
    result = (result << 64) + static_cast<std::uint64_t>(magnitude);
    return negative ? Number::Whole(-result) : result;
}

}  // namespace

Number Number::lowest_terms(Wide numerator, Wide denominator) {
    const bool negative = (numerator < 0) != (denominator < 0);
    UWide above = magnitude(numerator), below = magnitude(denominator);
    if (const UWide common = greatest_common(above, below); common != 1) {
        above /= common;
        below /= common;
    }
    constexpr UWide most = std::numeric_limits<std::int64_t>::max();
    if (above > most || below > most) {
        Number result;
        result.big_ = std::make_unique<Big>(whole_of(above, negative), whole_of(below, false));
        return result;
    }
    Number result(negative ? -static_cast<std::int64_t>(above) : static_cast<std::int64_t>(above), Small());
    result.denominator_ = static_cast<std::int64_t>(below);
    return result;
}

Number Number::of_big(const Big& big) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const Whole above = boost::multiprecision::numerator(big), below = boost::multiprecision::denominator(big);
    Number result;
    if (above <= most && above >= -most && below <= most) {
        result.numerator_ = static_cast<std::int64_t>(above);
        result.denominator_ = static_cast<std::int64_t>(below);
    } else {
        result.big_ = std::make_unique<Big>(big);
    }
    return result;
}

Number Number::big_floor(const Big& big) {
    const Whole above = boost::multiprecision::numerator(big), below = boost::multiprecision::denominator(big);
    Whole quotient = above / below;
    if (above < 0 && quotient * below != above) --quotient;
    return of_big(Big(quotient));
}

Number common_step(const Number& a, const Number& b) {
    if (!a.big_ && !b.big_) {
        // Of fractions in lowest terms: the greatest common numerator over the least common denominator.
        const auto above = static_cast<Number::Wide>(greatest_common(magnitude(a.numerator_), magnitude(b.numerator_)));
        const std::int64_t below = std::gcd(a.denominator_, b.denominator_);
        return Number::reduced(above, Number::Wide{a.denominator_ / below} * b.denominator_);
    }
    const Number::Whole above = gcd(Number::Whole(a.numerator() * b.denominator()), Number::Whole(b.numerator() * a.denominator()));
    return Number::of_big(Number::Big(above, Number::Whole(a.denominator() * b.denominator())));
}

std::int64_t small(const Number& a) {
    const Number whole = floor_of(a);
    return whole.big_ ? static_cast<std::int64_t>(whole.numerator()) : whole.numerator_;
}

}  // namespace eligo::oracle
