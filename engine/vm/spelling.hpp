// How offices write values: `2018/6/1`, `2018年6月1日`, `20180601`; `1,000.00`, `￥1000`, full-width digits; 是 and 否. Each function
// answers the plain spelling of what was written, which is then read as every other, or nothing: what two readers could read in
// two ways (`1/2/2018`, `1,00`) is none of these.
// Tested by profile_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eligo::vm {

// Without the blanks at its ends, which are the same everywhere: those of ASCII, U+00A0, U+3000 and the other spaces of Unicode, and
// the byte order mark.
[[nodiscard]] std::string_view trimmed(std::string_view text);

// "2018-06-01". A time of day is taken only where it is midnight, as spreadsheets export dates.
[[nodiscard]] std::optional<std::string> plain_date(std::string_view text);

enum class Currency : bool { No, Yes };
// "-1234.50", "15%". With a currency, ￥ before the number and 元 behind it are passed over.
[[nodiscard]] std::optional<std::string> plain_number(std::string_view text, Currency currency);

// Of 是, 否, 真, 假, yes, no, y, n, 1, 0 in capitals or not.
[[nodiscard]] std::optional<bool> plain_truth(std::string_view text);

}  // namespace eligo::vm
