// From a policy on which something fails to a small one on which it still does. Knows nothing of the language but
// lines and brackets: it takes lines, blocks and brackets away for as long as the failure stays.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace eligo::oracle {

// `fails` is asked at most `attempts` times; of a source that does not compile it says no.
[[nodiscard]] std::string shrink(std::string source, const std::function<bool(const std::string&)>& fails, std::size_t attempts);

}  // namespace eligo::oracle
