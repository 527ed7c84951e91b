// Numbers and days of spreadsheets, as texts. Tested by workbook_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eligo::io {

// What a number format shows (ECMA-376, part 1, 18.8.30 and 18.8.31).
enum class NumberKind : std::uint8_t { Number, Date, DateTime, Time };
[[nodiscard]] NumberKind kind_of_format(std::string_view code);

// A number as decimal digits, the digits that stand in the file. A spreadsheet keeps numbers in binary floating point and 15
// digits of them: what is beyond those is left out where it is nothing but the rest of binary (`4.4000000000000004`,
// `0.30000000000000004`), and kept otherwise, which `has_many_digits` tells, as it tells whole numbers of more than 15 digits.
struct SheetNumber {
    std::string text;
    bool has_many_digits = false;
};
[[nodiscard]] std::optional<SheetNumber> sheet_number(std::string_view written);

// The day that a number stands for: "2018-06-01", "2018-06-01 12:30:00", "12:30:00". Nothing where it stands for none: 1900 has no
// 29 February, which Excel counts all the same.
[[nodiscard]] std::optional<std::string> day_of_serial(std::string_view number, NumberKind kind, bool from_1904);

// The same of a day as ISO 8601 writes it, "2018-06-01T12:30:00.000".
[[nodiscard]] std::optional<std::string> day_of_iso(std::string_view text);

}  // namespace eligo::io
