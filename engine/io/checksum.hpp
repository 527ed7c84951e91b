// A sum of bytes as they come, in pieces of any size: whether a file is as it was written, not whether someone meant harm. Four
// lanes of eight bytes each, so that it costs less than copying them. Tested by table_test.cpp.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace eligo::io {

class Checksum {
public:
    void add(std::string_view bytes) {
        if (bytes.empty()) return;  // memcpy may not be given a view of nothing, whose pointer is null
        size_ += bytes.size();
        if (held_ > 0) {
            const std::size_t taken = std::min(bytes.size(), stripe - held_);
            std::memcpy(held_bytes_ + held_, bytes.data(), taken);
            held_ += taken;
            bytes.remove_prefix(taken);
            if (held_ < stripe) return;
            mix(held_bytes_);
            held_ = 0;
        }
        for (; bytes.size() >= stripe; bytes.remove_prefix(stripe)) mix(bytes.data());
        std::memcpy(held_bytes_, bytes.data(), bytes.size());
        held_ = bytes.size();
    }

    [[nodiscard]] std::uint64_t value() const {
        Checksum last = *this;
        std::memset(last.held_bytes_ + held_, 0, stripe - held_);
        last.mix(last.held_bytes_);
        std::uint64_t sum = size_;
        for (const std::uint64_t lane : last.lanes_) sum = step(sum, lane);
        return sum ^ (sum >> 32);
    }

private:
    static constexpr std::size_t stripe = 32;

    // One to one in the sum and in the word, so that no single change is lost; the rotation keeps two from cancelling out.
    static std::uint64_t step(std::uint64_t sum, std::uint64_t word) { return std::rotl((sum ^ word) * 0x9E3779B185EBCA87ULL, 31); }
    void mix(const char* bytes) {
        for (std::size_t i = 0; i < 4; ++i) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes + 8 * i, sizeof word);
            lanes_[i] = step(lanes_[i], word);
        }
    }

    std::uint64_t lanes_[4] = {1, 2, 3, 4};
    std::uint64_t size_ = 0;
    std::size_t held_ = 0;
    char held_bytes_[stripe] = {};
};

}  // namespace eligo::io
