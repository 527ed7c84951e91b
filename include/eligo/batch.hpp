// Many companies at once: columns in, columns out, as Arrow C Data Interface structures. Verdicts and amounts are those
// that Policy::check gives, row by row.
//
// What goes in is a struct array ("+s"), one field a fact, named as a profile's keys are: "employees", "revenue.2015",
// "company.employees", a list of structs ("+l", "+L") for a list of records, "fiscal_year" (int32, without nulls) for the
// fiscal year of each row. A null is a fact that is absent: its default, or else unknown. "company_id" and fields that no policy
// reads are passed over; a field that is no fact is an error, and so are two for the same. By fact:
//
//     bool                        b, or an integer of 0 and 1
//     number, money, percent,     integers (c C s S i I l), counted in whole yuan or ones; decimals (d:P,S, d:P,S,32,
//     months, days                d:P,S,64), with no more decimals than the fact has. Floating point is not exact and refused
//     date                        tdD, days since 1970-01-01
//     one of, code, text          u, U, vu, or integers with a dictionary of such texts
//
// Integers, 32- and 64-bit decimals, dates, bits, validity and list offsets are read where they lie; texts without a dictionary
// and 128-bit decimals are turned into numbers once.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arrow.h"
#include "pack.hpp"
#include "result.hpp"

namespace eligo {

namespace detail {
struct ScreeningData;
}

// Policies of one vocabulary made ready for columns. It holds working memory: one thread at a time may use it; make one a
// thread. It keeps its pack alive.
class Screening {
public:
    // All policies must be about the same vocabulary, each named once. A name that the pack does not have, a day outside 1900 .. 2199, or a
    // benefit that may have more than 76 digits is an error; so is a plan that takes more than the question's limits, which are not
    // looked at later.
    [[nodiscard]] static Result<Screening> make(const Pack& pack, std::span<const std::string_view> policies, const Question& question);
    Screening(Screening&& other) noexcept;
    Screening& operator=(Screening&& other) noexcept;
    ~Screening();

    // The fields that it reads, for rows without fiscal years of their own: "employees", "revenue.2017", "claims", "claims[].paid_in".
    [[nodiscard]] std::vector<std::string> fields() const;

    // Takes both structures over, as imports do: they are released when it returns, whatever it returns. On success `out_schema` and
    // `out_array` are a struct array that the caller releases: for each policy its verdict (a field NAME, dictionary of
    // "eligible", "ineligible", "undetermined", "not_in_force"), then its benefits (NAME.BENEFIT, null where there is none or it is
    // still open): amounts with all their digits, in yuan or ones, as decimals of 128 bits (d:38,S), or of 256 (d:76,S,256) where the
    // declared ranges leave it possible that more than 38 digits are needed; dates as tdD, truths as b, members and codes as
    // texts (u). The types do not depend on the rows. On an error nothing is given out. A value outside its fact's
    // range is an error that names the field and the row, counted from 0. That two facts of a row contradict each other is not looked for.
    // Beyond the limits, too, nothing is given out; a step is a row of a field or of an instruction.
    [[nodiscard]] Result<bool> run(ArrowSchema* schema, ArrowArray* array, ArrowSchema* out_schema, ArrowArray* out_array, const Limits& limits = {});

private:
    explicit Screening(std::unique_ptr<detail::ScreeningData> data);
    std::unique_ptr<detail::ScreeningData> data_;
};

}  // namespace eligo
