// Exact numbers, decimals or quotients, in a reader's notation. They stay texts: nothing is computed and nothing rounds.
// Tested by explain_test.cpp.
#pragma once

#include <string>
#include <string_view>

#include "language.hpp"

namespace eligo::explain {

// "1234567.50" -> "1,234,567.50", "1000/3" -> "1,000/3".
[[nodiscard]] std::string say_number(std::string_view number);
// "0.0412" -> "4.12%".
[[nodiscard]] std::string say_percent(std::string_view decimal);
// "12000000.00" -> "1,200万元", "12,000,000 yuan"; "1200.50" -> "1,200.50元"; "1000/3" -> "1,000/3元".
[[nodiscard]] std::string say_money(std::string_view yuan, Language language);

}  // namespace eligo::explain
