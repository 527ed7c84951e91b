// Steps with numbers for the buffers they use. When the last use of each is known, buffers are given memory, which is used again
// as soon as nothing reads it, so that a block stays in the cache. Internal to columnar/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "specialise.hpp"

namespace eligo::columnar {

inline constexpr std::uint32_t nowhere = ~std::uint32_t{0};

// A register while its memory is not yet there: numbers of buffers.
struct Place {
    std::uint32_t low = nowhere, high = nowhere;
};

// A number for a kernel, while its memory is not yet there.
struct FastPlace {
    std::uint32_t source = no_input, buffer = nowhere;
    std::int64_t coefficient = 1;
    Term::Kind kind = Term::Kind::One;  // else the lesser or the greater of this one and another
    std::int64_t factor = 1, other_factor = 1;
    std::uint32_t other_source = no_input, other_buffer = nowhere;
};

// An end of a truth, perhaps inverted.
struct Turned {
    std::uint32_t buffer = nowhere;
    bool turned = false;
    friend bool operator==(const Turned&, const Turned&) = default;
};

struct FastDraft {
    FastStep step;
    std::vector<FastPlace> operands;
    std::vector<std::uint32_t> truths, results;
    struct Move {
        Form form = Form::Number;
        std::uint32_t from = nowhere, to = nowhere;
    };
    std::vector<Move> moves;
    Place patched;
    std::shared_ptr<const FastDraft> inner;  // of a sum that this one alone reads
    std::uint32_t inner_result = nowhere;    // as which its operands say it
};

struct Draft {
    Step step;
    Place result, a, b, c;
    bool has_flags = false;
    std::shared_ptr<FastDraft> fast;
    bool taken_in = false;  // by a later step, which does its work
};

class Drafts {
public:
    Drafts(std::size_t levels, Buffers& buffers) : drafts_(levels), buffers_(buffers) {}

    [[nodiscard]] std::uint32_t buffer(Form form, std::uint16_t level);
    [[nodiscard]] Place new_place(Form form, std::uint16_t level, bool exact);
    [[nodiscard]] Place constant(const Node& node, Form form);
    void add(std::uint16_t level, Draft draft);
    // A step that is filled in later; what it uses is in use from there on.
    [[nodiscard]] std::size_t reserve(std::uint16_t level);
    void fill(std::uint16_t level, std::size_t step, Draft draft);
    [[nodiscard]] std::size_t step_count(std::uint16_t level) const { return drafts_[level].size(); }
    [[nodiscard]] std::uint32_t buffer_count() const { return static_cast<std::uint32_t>(uses_.size()); }
    [[nodiscard]] std::uint16_t new_level();
    void keep(const Place& place);  // until the end

    void give_memory();
    [[nodiscard]] Lanes memory_of(const Place& place) const;
    void finish(Specialisation& made);

private:
    struct BufferUse {
        Form form = Form::Number;
        std::uint16_t level = 0;
        std::size_t first = 0, last = 0;  // steps of its level
        bool for_ever = false;            // read from another level, or at the end
        std::byte* memory = nullptr;
    };

    void touch(std::uint32_t number, std::uint16_t level, std::size_t step);
    void touch_all(const Draft& draft, std::uint16_t level, std::size_t step);
    void take_in_sums();
    void take_in_sums(std::vector<Draft>& drafts, const std::vector<std::uint32_t>& readers);
    [[nodiscard]] std::vector<FastOperand> operands_of(const FastDraft& draft, std::uint32_t inner) const;
    void finish_fast(Draft& draft, Specialisation& made);

    std::vector<std::vector<Draft>> drafts_;     // by level
    std::vector<BufferUse> uses_;
    std::map<std::pair<Form, Int128>, std::uint32_t> constants_;
    Buffers& buffers_;
};

}  // namespace eligo::columnar
