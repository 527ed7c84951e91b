// The scalar engine: one company against one policy. A Checker is made once a policy and shared between threads; a
// Frame is the working memory of one thread. After they are made, a check allocates nothing and throws nothing.
//
// A check runs over known values first (every register one number). Where the answer hangs on something that is not known,
// it runs again over sets (every register an interval); the instructions are the same.
// Tested by tests/engines/.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/date.hpp"
#include "../value/int128.hpp"
#include "../value/truth.hpp"
#include "plan.hpp"
#include "profile.hpp"

namespace eligo::vm {

struct Question {
    value::Day as_of = 0;
    value::Day known_on = value::last_day;  // what was published later is left out
};

enum class Verdict : std::uint8_t { Eligible, Ineligible, Undetermined, NotInForce };

struct Outcome {
    Verdict verdict = Verdict::NotInForce;
    std::uint32_t version = 0;  // the version in force; meaningless when none is
};

// What one register came to, over whichever domain the run took.
struct Result {
    value::Int128 low = 0, high = 0;
    [[nodiscard]] bool known() const { return low == high; }
    [[nodiscard]] value::Truth truth() const { return value::truth_of(low != 0, high != 0); }
};

// The position of a loop while its body runs.
struct LoopState {
    const List* list = nullptr;
    std::uint32_t element = 0;
    bool any_list = false;  // nothing is known of the list: its body runs once, on an element of which nothing is known
};

// Working memory for a plan. Not for two threads at once.
class Frame {
public:
    [[nodiscard]] const Plan& plan() const { return *plan_; }
    // Whether the last run was over sets.
    [[nodiscard]] bool over_sets() const { return over_sets_; }
    // What a register of the plan came to; meaningless inside loops but while replaying.
    [[nodiscard]] Result result(bytecode::Register register_number) const { return result(*plan_->seats.find(register_number)); }
    [[nodiscard]] Result result(const Seat& seat) const;
    // The same of a register that holds a truth.
    [[nodiscard]] value::Truth truth(bytecode::Register register_number) const { return truth(*plan_->seats.find(register_number)); }
    [[nodiscard]] value::Truth truth(const Seat& seat) const { return over_sets_ ? result(seat).truth() : value::truth_of(known_[seat.known] != 0); }

private:
    friend class Executor;
    friend class Checker;
    friend Frame make_frame(const bytecode::Pack& pack, const Plan& plan, std::uint32_t version);
    Frame(const bytecode::Pack& pack, const Plan& plan, std::uint32_t version);

    const Plan* plan_;
    const bytecode::Pack* pack_;
    std::uint32_t version_;
    // Of the last run.
    const Row* row_ = nullptr;
    Question question_;
    std::int32_t fiscal_year_ = 0;
    bool over_sets_ = false;
    // Of the day for which they were last worked out: its year, and Plan::day_turns.
    value::Day year_day_ = 0, turns_day_ = std::numeric_limits<value::Day>::min();
    std::int32_t year_ = 1970;

    std::vector<std::int64_t> known_;  // one word a register, two for a wide one
    std::vector<std::int64_t> sets_;   // twice as many: low, then high
    std::vector<LoopState> loops_;
};

// The pack and the plan must outlive the frame. `version`: of a policy, which the plan is for.
[[nodiscard]] Frame make_frame(const bytecode::Pack& pack, const Plan& plan, std::uint32_t version = 0);

// Runs a plan on a row of its subject. `fiscal_year` is the profile's, else the year of the day.
void run(Frame& frame, const Row& row, const Question& question, std::int32_t fiscal_year);
// The same, over sets from the start: what explanations of open verdicts look at.
void run_over_sets(Frame& frame, const Row& row, const Question& question, std::int32_t fiscal_year);
// Runs the body of one loop again (number in the plan) for one element, leaving the reductions alone, so that the
// registers inside can be looked at. Only after run_over_sets, while its row is still there.
void replay(Frame& frame, std::uint32_t loop, std::uint32_t element);

class Checker {
public:
    // A verdict alone is less work than one with the amounts of its benefits.
    enum class Answer : std::uint8_t { Verdict, VerdictAndBenefits };
    // The pack must outlive the checker and must have been verified.
    Checker(const bytecode::Pack& pack, bytecode::Index policy, Answer answer = Answer::VerdictAndBenefits);

    struct Memory {
        std::vector<Frame> frames;  // one a version
    };
    [[nodiscard]] Memory memory() const;
    [[nodiscard]] Outcome check(const Profile& profile, const Question& question, Memory& memory) const noexcept;
    // A benefit after a check that was asked for them: whether it has a value, and which, in units of its measure.
    struct BenefitResult {
        value::Truth given = value::Truth::False;
        Result amount;
    };
    [[nodiscard]] BenefitResult benefit(const Memory& memory, const Outcome& outcome, std::size_t index) const;
    [[nodiscard]] const bytecode::Policy& policy() const { return *policy_; }
    // About how much memory it takes, and how many steps its plans have.
    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] std::size_t steps() const;

private:
    // Outside of these days a version is certainly not in force; all days, where that depends on the company.
    struct Period {
        value::Day from = std::numeric_limits<value::Day>::min(), to = std::numeric_limits<value::Day>::max();
    };
    // The first version from `number` on that may be in force on a day; else how many there are.
    [[nodiscard]] std::uint32_t version_on(value::Day day, std::uint32_t number) const;
    // The same question to the versions behind one that has just been asked.
    [[nodiscard]] Outcome check_behind(std::uint32_t number, Memory& memory) const noexcept;

    // Where the answer to a benefit stands.
    struct BenefitSeats {
        Seat when, value;
    };
    struct VersionSeats {
        Seat in_force, verdict;
        std::vector<BenefitSeats> benefits;  // none where only verdicts are asked for
    };
    [[nodiscard]] static VersionSeats seats_in(const Plan& plan, const bytecode::Version& version);

    const bytecode::Pack* pack_;
    const bytecode::Policy* policy_;
    std::vector<Plan> plans_;  // one a version, as is a period
    std::vector<Period> periods_;
    std::vector<VersionSeats> seats_;
};

}  // namespace eligo::vm
