// Which facts what is still open waits for: a walk from an open register to the unknown facts it rests on, past
// everything that is decided.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/profile.hpp"
#include "../vm/run.hpp"

namespace eligo::explain {

// A place in a profile, ordered as the vocabulary orders its facts.
struct Place {
    bytecode::Index column = 0;
    std::uint32_t element = 0;          // of a list, from 0
    bytecode::Index field = 0;          // its column in the element's subject
    bool in_element = false;
    std::int32_t year = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
};

[[nodiscard]] std::string place_text(const bytecode::Pack& pack, bytecode::Index subject, const Place& place);

struct Open {
    std::vector<Place> places;  // in order, each once
    bool by_rule = false;       // the text itself leaves it open
};

// What registers wait for after a run over sets (nothing for those that are decided). The frame is used to look into loops
// again, so its registers inside loops change.
class Waiting {
public:
    // All of these must outlive it.
    Waiting(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year);
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    [[nodiscard]] Open find(const std::vector<bytecode::Register>& registers);
    // Open::by_rule of one register. What it rests on is looked at once, for however many registers that is asked.
    [[nodiscard]] bool is_open_by_rule(bytecode::Register number);

private:
    class Walk;
    std::unique_ptr<Walk> walk_;
};

[[nodiscard]] Open find_open(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year,
                             const std::vector<bytecode::Register>& registers);

// Facts that the plan reads and that were taken for their default.
[[nodiscard]] std::vector<Place> find_assumed(const vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year);

}  // namespace eligo::explain
