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

void Drafts::touch_all(const Draft& draft, std::uint16_t level, std::size_t step) {
    for (const Place& place : {draft.result, draft.a, draft.b, draft.c}) {
        touch(place.low, level, step);
        touch(place.high, level, step);
    }
    if (draft.fast == nullptr) return;
    for (const FastPlace& operand : draft.fast->operands) {
        touch(operand.buffer, level, step);
        touch(operand.other_buffer, level, step);
    }
    for (const std::uint32_t truth : draft.fast->truths) touch(truth, level, step);
    for (const std::uint32_t result : draft.fast->results) touch(result, level, step);
    touch(draft.fast->patched.low, level, step);
    touch(draft.fast->patched.high, level, step);
    for (const auto& move : draft.fast->moves) {
        touch(move.from, level, step);
        touch(move.to, level, step);
    }
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

// Level by level, in the order of the steps; buffers of different levels never share memory, since a level runs within a step of
// its parent.
void Drafts::give_memory() {
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
        for (Draft& draft : drafts) {
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

void Drafts::finish_fast(Draft& draft, Specialisation& made) {
    FastDraft& from = *draft.fast;
    FastStep& step = from.step;
    const auto words = [&](std::uint32_t number) { return reinterpret_cast<std::uint64_t*>(uses_[number].memory); };
    const auto numbers = [&](std::uint32_t number) { return number == nowhere ? nullptr : reinterpret_cast<const std::int64_t*>(uses_[number].memory); };
    for (const FastPlace& operand : from.operands)
        step.operands.push_back({operand.source, numbers(operand.buffer), operand.coefficient, operand.kind, operand.factor, operand.other_factor, operand.other_source, numbers(operand.other_buffer)});
    for (const std::uint32_t truth : from.truths) step.truths.push_back(words(truth));
    for (const std::uint32_t result : from.results) step.results.push_back(words(result));
    step.patched = memory_of(from.patched);
    for (const auto& move : from.moves) step.moves.push_back({move.form, uses_[move.from].memory, uses_[move.to].memory});
    draft.step.fast = static_cast<std::uint32_t>(made.fast.size());
    made.fast.push_back(std::move(step));
}

}  // namespace eligo::columnar
