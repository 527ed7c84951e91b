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
#include "extent.hpp"

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

// Places, each once, in order; not more than were asked for, and then those of the subject itself before those of its lists'
// elements.
struct Found {
    std::vector<Place> places;
    std::size_t left_out = 0;
    bool cut_short = false;  // there may be more, which there was no room to look for
};

struct Open : Found {
    std::vector<bytecode::Index> columns;  // of all places, those left out too, each once, in order
    bool by_rule = false;                  // the text itself leaves it open
};

// What registers wait for after a run over sets (nothing for those that are decided). The frame is used to look into loops
// again, so its registers inside loops change.
class Waiting {
public:
    // All of these must outlive it.
    Waiting(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year, Room& room);
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    [[nodiscard]] Open find(const std::vector<bytecode::Register>& registers, std::size_t most);
    // Open::by_rule of one register. What it rests on is looked at once, for however many registers that is asked.
    [[nodiscard]] bool is_open_by_rule(bytecode::Register number);

private:
    class Walk;
    std::unique_ptr<Walk> walk_;
};

[[nodiscard]] Open find_open(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year,
                             const std::vector<bytecode::Register>& registers, std::size_t most, Room& room);

// Facts that the plan reads and that were taken for their default.
[[nodiscard]] Found find_assumed(const vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year, std::size_t most);

}  // namespace eligo::explain
