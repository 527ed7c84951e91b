// Which company comes next. Taken in turns, a few hundred companies are learnt by heart by the branch predictor of a modern core,
// jump for jump, where a portal's next company is anyone's guess; more companies than it can learn do not stay in the caches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace eligo::bench {

// Draws among `count`, at most 65,536, the same on every machine; after 65,536 they begin anew.
class Order {
public:
    explicit Order(std::size_t count) {
        std::uint64_t state = 1;
        for (std::uint16_t& each : draws_) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            each = static_cast<std::uint16_t>((state >> 33) % count);
        }
    }
    std::size_t next() { return draws_[at_++]; }

private:
    std::vector<std::uint16_t> draws_ = std::vector<std::uint16_t>(65'536);
    std::uint16_t at_ = 0;
};

}  // namespace eligo::bench
