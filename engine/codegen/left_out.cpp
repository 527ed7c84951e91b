// Entries are put in as they are published, each between the one that begins before it and the one after; only there something
// changes. Door: left_out.hpp.
#include "left_out.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace eligo::codegen {
namespace {

class Published {
public:
    explicit Published(const sema::Parameter& parameter) : entries_(parameter.entries) { gaps_[before_all] = {value::first_day, value::last_day}; }

    void publish(std::size_t number) {
        const sema::Period period = entries_[number].period;
        // Of those that begin on one day the later counts.
        const auto at = gaps_.try_emplace({period.from, number}).first;
        sema::Period& before = std::prev(at)->second;
        before.to = std::min(before.to, period.from - 1);
        const auto next = std::next(at);
        at->second = {period.to + 1, next == gaps_.end() ? value::last_day : next->first.first - 1};
        begun_.push_back(at->first);
    }

    // The days left out by what is known now, but those that were gathered before.
    void gather(std::vector<sema::Period>& left_out) {
        for (const Key& key : begun_)
            if (const sema::Period gap = gaps_.at(key); gap.from <= gap.to) left_out.push_back(gap);
        begun_.clear();
    }

private:
    using Key = std::pair<value::Day, std::size_t>;
    static constexpr Key before_all{value::first_day - 1, 0};

    const std::vector<sema::ParameterEntry>& entries_;
    std::map<Key, sema::Period> gaps_;  // behind each entry, until the next begins; the first is before all
    std::vector<Key> begun_{before_all};  // gaps that are not gathered yet
};

}  // namespace

std::vector<sema::Period> days_left_out(const sema::Parameter& parameter) {
    std::vector<std::pair<value::Day, std::size_t>> by_publication;
    for (std::size_t i = 0; i < parameter.entries.size(); ++i) by_publication.emplace_back(parameter.entries[i].published.value_or(value::first_day), i);
    std::sort(by_publication.begin(), by_publication.end());
    Published published(parameter);
    std::vector<sema::Period> all;
    value::Day known_on = value::first_day;
    for (const auto& [day, number] : by_publication) {
        if (day > known_on) published.gather(all);
        known_on = std::max(known_on, day);
        published.publish(number);
    }
    published.gather(all);
    std::ranges::sort(all, {}, &sema::Period::from);
    std::vector<sema::Period> apart;
    for (const sema::Period& gap : all) {
        if (!apart.empty() && gap.from <= apart.back().to + 1) apart.back().to = std::max(apart.back().to, gap.to);
        else apart.push_back(gap);
    }
    return apart;
}

bool leaves_none_out(std::span<const sema::Period> left_out, sema::Period period) {
    if (period.from > period.to) return true;
    const value::Day from = std::clamp(period.from, value::first_day, value::last_day), to = std::clamp(period.to, value::first_day, value::last_day);
    const auto gap = std::ranges::lower_bound(left_out, from, {}, &sema::Period::to);
    return gap == left_out.end() || gap->from > to;
}

}  // namespace eligo::codegen
