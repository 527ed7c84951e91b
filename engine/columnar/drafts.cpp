// Steps while the memory that they use is not yet given. Tested by tests/engines/columnar.cpp.
#include "drafts.hpp"

#include <algorithm>
#include <array>

namespace eligo::columnar {

std::uint32_t Drafts::buffer(Form form, std::uint16_t level) {
    uses_.push_back({.form = form, .level = level, .first = drafts_[level].size(), .last = drafts_[level].size()});
    return static_cast<std::uint32_t>(uses_.size() - 1);
}

Place Drafts::new_place(Form form, std::uint16_t level, bool exact) {
    Place place;
    place.low = buffer(form, level);
    place.high = exact ? place.low : buffer(form, level);
    return place;
}

void Drafts::touch(std::uint32_t number, std::uint16_t level, std::size_t step) {
    if (number == nowhere) return;
    BufferUse& use = uses_[number];
    if (use.level != level) {
        use.for_ever = true;
    } else {
        use.first = std::min(use.first, step);
        use.last = std::max(use.last, step);
    }
}

namespace {

// Every buffer that a step says, as often as it says it.
template <class Visit>
void each_buffer(const Draft& draft, Visit visit) {
    for (const Place& place : {draft.result, draft.a, draft.b, draft.c}) {
        visit(place.low);
        visit(place.high);
    }
    if (draft.fast == nullptr) return;
    for (const FastPlace& operand : draft.fast->operands) {
        visit(operand.buffer);
        visit(operand.other_buffer);
    }
    for (const std::uint32_t truth : draft.fast->truths) visit(truth);
    for (const std::uint32_t result : draft.fast->results) visit(result);
    visit(draft.fast->patched.low);
    visit(draft.fast->patched.high);
    for (const auto& move : draft.fast->moves) {
        visit(move.from);
        visit(move.to);
    }
}

bool is_sum(Action action) { return action == Action::Sum || action == Action::SumNotAbove || action == Action::SumIsZero || action == Action::SumDivided; }

}  // namespace

void Drafts::touch_all(const Draft& draft, std::uint16_t level, std::size_t step) {
    each_buffer(draft, [&](std::uint32_t number) { touch(number, level, step); });
}

void Drafts::add(std::uint16_t level, Draft draft) {
    touch_all(draft, level, drafts_[level].size());
    drafts_[level].push_back(std::move(draft));
}

std::size_t Drafts::reserve(std::uint16_t level) {
    drafts_[level].emplace_back();
    return drafts_[level].size() - 1;
}

void Drafts::fill(std::uint16_t level, std::size_t step, Draft draft) {
    touch_all(draft, level, step);
    drafts_[level][step] = std::move(draft);
}

Place Drafts::constant(const Node& node, Form form) {
    const auto one = [&](Int128 value) {
        const auto [found, added] = constants_.try_emplace({form, value}, static_cast<std::uint32_t>(uses_.size()));
        if (added) uses_.push_back({.form = form, .for_ever = true, .memory = buffers_.constant(form, value)});
        return found->second;
    };
    const std::uint32_t low = one(node.low);
    return {low, one(node.high)};
}

std::uint16_t Drafts::new_level() {
    drafts_.emplace_back();
    return static_cast<std::uint16_t>(drafts_.size() - 1);
}

void Drafts::keep(const Place& place) {
    for (const std::uint32_t number : {place.low, place.high}) uses_[number].for_ever = true;
}

// A sum that one later sum alone reads is worked out there, a tile at a time, and never written.
void Drafts::take_in_sums() {
    constexpr std::uint32_t several = nowhere - 1;
    for (std::size_t level = 0; level < drafts_.size(); ++level) {
        // The one step of the level that says a buffer which it did not make, by buffer.
        std::vector<std::uint32_t> readers(uses_.size(), nowhere);
        for (std::uint32_t step = 0; step < drafts_[level].size(); ++step)
            each_buffer(drafts_[level][step], [&](std::uint32_t number) {
                if (number == nowhere || number == drafts_[level][step].result.low) return;
                readers[number] = readers[number] == nowhere || readers[number] == step ? step : several;
            });
        take_in_sums(drafts_[level], readers);
    }
}
void Drafts::take_in_sums(std::vector<Draft>& drafts, const std::vector<std::uint32_t>& readers) {
    for (std::uint32_t step = 0; step < drafts.size(); ++step) {
        Draft& draft = drafts[step];
        const std::uint32_t result = draft.result.low;
        if (draft.step.action != Action::Sum || draft.fast->inner != nullptr || uses_[result].for_ever || readers[result] <= step || readers[result] >= drafts.size()) continue;
        Draft& reader = drafts[readers[result]];
        if (!is_sum(reader.step.action) || reader.fast->inner != nullptr || reader.taken_in) continue;
        reader.fast->inner = draft.fast;
        reader.fast->inner_result = result;
        draft.taken_in = true;
        // What it reads is read there.
        each_buffer(draft, [&](std::uint32_t number) {
            if (number != nowhere) uses_[number].last = std::max<std::size_t>(uses_[number].last, readers[result]);
        });
    }
}

// Level by level, in the order of the steps; buffers of different levels never share memory, since a level runs within a step of
// its parent.
void Drafts::give_memory() {
    take_in_sums();
    std::array<std::size_t, 3> next{};
    for (std::size_t level = 0; level < drafts_.size(); ++level) {
        std::array<std::vector<std::size_t>, 3> free;
        std::vector<std::vector<std::uint32_t>> begin(drafts_[level].size() + 1), end(drafts_[level].size() + 1);
        for (std::uint32_t i = 0; i < uses_.size(); ++i) {
            if (uses_[i].level != level || uses_[i].memory != nullptr) continue;
            begin[uses_[i].first].push_back(i);
            if (!uses_[i].for_ever) end[uses_[i].last].push_back(i);
        }
        std::vector<std::size_t> number_of(uses_.size());
        for (std::size_t step = 0; step < begin.size(); ++step) {
            for (const std::uint32_t i : begin[step]) {
                auto& pool = free[static_cast<std::size_t>(uses_[i].form)];
                std::size_t& fresh = next[static_cast<std::size_t>(uses_[i].form)];
                std::size_t number = fresh;
                if (pool.empty()) {
                    ++fresh;
                } else {
                    number = pool.back();
                    pool.pop_back();
                }
                number_of[i] = number;
                uses_[i].memory = buffers_.at(uses_[i].form, number);
            }
            for (const std::uint32_t i : end[step]) free[static_cast<std::size_t>(uses_[i].form)].push_back(number_of[i]);
        }
    }
}

Lanes Drafts::memory_of(const Place& place) const {
    if (place.low == nowhere) return {};
    return {uses_[place.low].memory, place.high == nowhere ? uses_[place.low].memory : uses_[place.high].memory};
}

void Drafts::finish(Specialisation& made) {
    for (auto& drafts : drafts_) {
        auto& steps = made.steps.emplace_back();
        for (std::size_t number = 0; number < drafts.size(); ++number) {
            Draft& draft = drafts[number];
            if (draft.taken_in) continue;
            if (draft.step.action == Action::Some) {
                const auto next = drafts.begin() + static_cast<std::ptrdiff_t>(number) + 1;
                std::size_t& passed_over = draft.fast->step.passed_over;
                passed_over -= static_cast<std::size_t>(std::count_if(next, next + static_cast<std::ptrdiff_t>(passed_over), [](const Draft& passed) { return passed.taken_in; }));
            }
            draft.step.arguments.result = memory_of(draft.result);
            draft.step.arguments.a = memory_of(draft.a);
            draft.step.arguments.b = memory_of(draft.b);
            draft.step.arguments.c = memory_of(draft.c);
            if (draft.fast != nullptr) finish_fast(draft, made);
            if (draft.has_flags) draft.step.flags = static_cast<std::uint8_t*>((draft.step.action == Action::Clear ? draft.step.arguments.b : draft.step.arguments.c).low);
            steps.push_back(draft.step);
        }
    }
}

std::vector<FastOperand> Drafts::operands_of(const FastDraft& draft, std::uint32_t inner) const {
    const auto numbers = [&](std::uint32_t number) { return number == nowhere || number == inner ? nullptr : reinterpret_cast<const std::int64_t*>(uses_[number].memory); };
    std::vector<FastOperand> operands;
    for (const FastPlace& operand : draft.operands) {
        const bool of_inner = inner != nowhere && operand.buffer == inner, other_of_inner = inner != nowhere && operand.other_buffer == inner;
        operands.push_back({operand.source, numbers(operand.buffer), operand.coefficient, operand.kind, operand.factor, operand.other_factor, operand.other_source,
                            numbers(operand.other_buffer), of_inner, other_of_inner});
    }
    return operands;
}

void Drafts::finish_fast(Draft& draft, Specialisation& made) {
    FastDraft& from = *draft.fast;
    FastStep& step = from.step;
    const auto words = [&](std::uint32_t number) { return reinterpret_cast<std::uint64_t*>(uses_[number].memory); };
    step.operands = operands_of(from, from.inner_result);
    if (from.inner != nullptr) {
        step.inner = operands_of(*from.inner, nowhere);
        step.inner_constant = from.inner->step.constant;
    }
    for (const std::uint32_t truth : from.truths) step.truths.push_back(words(truth));
    for (const std::uint32_t result : from.results) step.results.push_back(words(result));
    step.patched = memory_of(from.patched);
    for (const auto& move : from.moves) step.moves.push_back({move.form, uses_[move.from].memory, uses_[move.to].memory});
    draft.step.fast = static_cast<std::uint32_t>(made.fast.size());
    made.fast.push_back(std::move(step));
}

}  // namespace eligo::columnar
