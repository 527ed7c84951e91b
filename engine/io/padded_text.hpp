// A text with room before and behind it that may be read (but means nothing), for what reads many bytes at once. It grows
// without being filled with zeros, and keeps its memory when it is cleared.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "kernels/kernels.hpp"

namespace eligo::io {

class PaddedText {
public:
    PaddedText() = default;
    PaddedText(PaddedText&& other) noexcept : memory_(std::move(other.memory_)), room_(std::exchange(other.room_, 0)), size_(std::exchange(other.size_, 0)) {}
    PaddedText& operator=(PaddedText&& other) noexcept {
        std::swap(memory_, other.memory_);
        std::swap(room_, other.room_);
        std::swap(size_, other.size_);
        return *this;
    }

    // Null before any room was asked for.
    [[nodiscard]] char* data() { return memory_ ? memory_.get() + text_margin : nullptr; }
    [[nodiscard]] const char* data() const { return memory_ ? memory_.get() + text_margin : nullptr; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t room() const { return room_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::string_view view() const { return memory_ ? std::string_view(data(), size_) : std::string_view(); }
    [[nodiscard]] char back() const { return data()[size_ - 1]; }

    // Room for so many bytes in all; what is there stays.
    void reserve(std::size_t room) {
        if (room <= room_) return;
        room = std::max(room, room_ + room_ / 2);
        std::unique_ptr<char[]> larger(new char[room + 2 * text_margin]);
        std::memset(larger.get(), 0, text_margin);
        if (size_ > 0) std::memcpy(larger.get() + text_margin, data(), size_);
        memory_ = std::move(larger);
        room_ = room;
        set_size(size_);
    }
    // Within the room there is: bytes that are new are whatever was written to data().
    void set_size(std::size_t size) {
        size_ = size;
        if (memory_) std::memset(data() + size, 0, text_margin);
    }
    void clear() { set_size(0); }
    // Cleared; memory for more than so many bytes is not kept.
    void clear_down_to(std::size_t room) {
        if (room_ > room) *this = PaddedText();
        clear();
    }
    void append(std::string_view text) {
        if (text.empty()) return;
        reserve(size_ + text.size());
        if (!text.empty()) std::memcpy(data() + size_, text.data(), text.size());
        set_size(size_ + text.size());
    }
    void assign(std::string_view text) {
        clear();
        append(text);
    }
    void erase_front(std::size_t count) {
        std::memmove(data(), data() + count, size_ - count);
        set_size(size_ - count);
    }

private:
    std::unique_ptr<char[]> memory_;
    std::size_t room_ = 0, size_ = 0;
};

}  // namespace eligo::io
