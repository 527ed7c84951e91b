// From a pack's program, which holds everything its policies ask, to the steps that some registers need, in order,
// with every register at a place of the working memory. Made once; immutable. There are two lists of steps, one for
// each domain (run.hpp): over known values the ends of quotients are no work at all, and registers of 128 bits are held in
// 64 as long as nothing overflows.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "../bytecode/pack.hpp"

namespace eligo::vm {

using Place = std::uint32_t;  // in words
inline constexpr std::uint32_t no_place = 0xFFFFFFFF;

// Where a register's value stands: over known values that of the register it has the value of.
struct Seat {
    Place known = no_place, sets = no_place;
    bool wide = false;
};

// The seats of those registers of a program that a plan works out, found without a search however many the program has.
class Seats {
public:
    void add(bytecode::Register number, const Seat& seat);
    // Null of what the plan does not work out.
    [[nodiscard]] const Seat* find(bytecode::Register number) const {
        const std::uint16_t at = pages_[page_of_[number / page]][number % page];
        return at == 0 ? nullptr : &seats_[at - 1U];
    }
    // In the order in which they were added.
    [[nodiscard]] std::span<const bytecode::Register> registers() const { return registers_; }
    [[nodiscard]] std::size_t bytes() const { return sizeof(Seats) + pages_.capacity() * sizeof pages_[0] + registers_.capacity() * sizeof registers_[0] + seats_.capacity() * sizeof seats_[0]; }

private:
    static constexpr std::size_t page = 256;
    std::array<std::uint16_t, page> page_of_{};
    std::vector<std::array<std::uint16_t, page>> pages_{1};  // one more than the number among seats_; the first page has none
    std::vector<bytecode::Register> registers_;
    std::vector<Seat> seats_;
};

// What a step may be besides an instruction.
enum class Control : std::uint16_t {
#define CONTROL(name, meaning) name,
#define FIRST_CONTROL(name, meaning) name = static_cast<std::uint16_t>(bytecode::opcode_count),
#include "controls.def"
#undef CONTROL
#undef FIRST_CONTROL
};

struct Step {
    std::uint16_t opcode = 0;  // a bytecode::Opcode or a Control
    std::uint16_t loop = 0;    // Loop, EndLoop, Reduce, ReadField…: number of the loop in the plan
    Place result = 0;
    std::uint32_t a = 0, b = 0, c = 0;  // places, or numbers into the pack's tables as opcodes.def says (a parameter: into the plan's)
    Place flags = 0;                    // Reduce of a least or greatest: where its two flags are
    std::uint64_t clauses = 0;          // over known values: the bits of those that it may fail, or else give up
};

// What is worked out without a jump though it is needed only where a truth has one value, and where that is so itself.
struct Guard {
    Place condition = 0;
    bool when = true;
    std::uint32_t outer = 0;  // number of the guard around it
};
inline constexpr std::uint32_t no_guard = 0xFFFFFFFF;

struct InputBinding {
    bytecode::Slot slot;
    bool yearly = false;
    bool computed_default = false;         // left out, it is looked at only by way of its Given
    std::uint32_t place = no_place;        // of the Input
    std::uint32_t given_place = no_place;  // of the Given
};

struct LoopPlan {
    bytecode::Index list = bytecode::none;  // of the program's lists
    bytecode::Register loop_register = bytecode::no_register;
    std::uint32_t begin[2] = {}, end[2] = {};  // by Domain: the steps Loop and EndLoop
    std::vector<InputBinding> fields;
    struct Reduction {
        Place place = 0;
        bool wide = false;
        std::uint32_t flags = no_place;
    };
    std::vector<Reduction> reductions;
};

// Over known values a step never stops at what is not known: it takes it for some value and gives up all that hangs on it.
// What is given up is told by bits: one a top clause (from some number on they share one), one for whether the policy is in
// force, one for all else; and one that says that some clause is certainly open, which is an answer.
inline constexpr std::size_t clause_bits = 61;
inline constexpr std::uint64_t open_bit = std::uint64_t{1} << 61, first_bit = std::uint64_t{1} << 62, rest_bit = std::uint64_t{1} << 63;

// A fact as known values read it.
struct FactRead {
    Place place = 0;
    bytecode::Index column = bytecode::none;
    std::int32_t year_offset = 0;
    std::int32_t year_place = 0;  // of a yearly one: see Row::known_around
    std::uint64_t clauses = 0;  // given up where it is not known
};

// A clause that asks for nothing but that one fact lies among certain values: `low` and so many after it.
struct Requirement {
    bytecode::Index column = bytecode::none;
    std::int64_t low = 0;
    std::uint64_t others = 0;
    std::uint64_t clauses = 0;  // its bit
};

// The last day from which so many months end by the day that is asked about: worked out once a day.
struct DayTurn {
    std::int32_t months = 0;
    Place place = 0;
};

// A dated parameter as it is looked up: a handful of entries without the texts, by `from`; more of them where they lie.
struct ParameterPlan {
    struct Entry {
        value::Day from = 0, to = 0, published = 0;
        std::int64_t value = 0;
    };
    static constexpr std::size_t handful = 32;
    std::int64_t low = 0;  // what it is taken for where it has no value
    std::vector<Entry> entries;                     // none where they are more
    const bytecode::Parameter* parameter = nullptr;  // the pack's
};

// A set as known values look it up: where a number lies is anyone's guess, so that it is found without a jump. Ends of a set mostly
// lie on a grid (every prefix of a classification takes so and so many codes): then a bit a square of the grid says it all.
struct SetPlan {
    enum class Form : std::uint8_t { Bits, Grid, Intervals };
    static constexpr int reciprocal_bits = 40;
    bytecode::Index number = bytecode::none;
    Form form = Form::Intervals;
    std::uint64_t bits = 0;  // Bits: of the numbers from 0 to 63
    // Grid: `span` numbers from `low` on; behind them one square that is not in the set, for all that lies outside.
    std::int64_t low = 0;
    std::uint64_t span = 0, reciprocal = 0;  // of a square's side: 2 to the power of reciprocal_bits by it, rounded up
    std::vector<std::uint64_t> squares;
};
[[nodiscard]] SetPlan make_set_plan(bytecode::Index number, const bytecode::Set& set);

enum class Domain : std::uint8_t { Known, Sets };

struct Plan {
    bytecode::Index subject = bytecode::none;
    const bytecode::Program* program = nullptr;  // the subject's; the pack must outlive the plan
    std::vector<Step> steps[2];            // by Domain
    Seats seats;                           // ascending
    std::uint32_t words = 0;
    bytecode::Register first_register = bytecode::no_register, verdict_register = bytecode::no_register;  // the request's
    Place first = 0, verdict = 0;          // theirs (of a first that was not asked for: of a truth), over known values
    std::int32_t first_year = 0, last_year = 0;  // of all reads, after the fiscal year
    std::vector<InputBinding> inputs;
    std::vector<LoopPlan> loops;
    std::vector<ParameterPlan> parameters;
    std::vector<SetPlan> sets;               // over known values
    std::vector<Guard> guards;
    std::vector<FactRead> reads;             // of ReadFacts, ReadYears and ReadElements
    std::vector<Requirement> requirements;   // of RequireFacts
    std::vector<DayTurn> day_turns;          // over known values
};

// About how much memory it takes.
[[nodiscard]] std::size_t bytes_of(const Plan& plan);

struct PlanRequest {
    std::span<const bytecode::Register> roots;  // registers whose values are asked for
    // The top clauses. The run ends as soon as one is certainly false; `verdict`, which says whether all hold, is then false. Of
    // the rest only `first`, which comes before any such end, may be read after one. Without any, every value
    // that the roots rest on is worked out and can be read.
    std::span<const bytecode::Register> stop_at;
    bytecode::Register verdict = bytecode::no_register;
    bytecode::Register first = bytecode::no_register;
    // Nothing but the Outcome of a run is looked at: that the verdict is open may then be known without the frame's holding it.
    bool verdict_alone = false;
};

[[nodiscard]] Plan make_plan(const bytecode::Pack& pack, bytecode::Index subject, const PlanRequest& request);

}  // namespace eligo::vm
