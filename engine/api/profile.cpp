// <eligo/profile.hpp>: facts given by a host program. Part of the runtime.
#include "../../include/eligo/profile.hpp"

#include <algorithm>
#include <utility>

#include "../value/date.hpp"
#include "../value/utf8.hpp"
#include "../value/visible_text.hpp"
#include "dates.hpp"
#include "pack_data.hpp"

namespace eligo {
namespace {

ProblemKind kind_of(vm::ProblemKind kind) {
    switch (kind) {
        case vm::ProblemKind::UnknownKey: return ProblemKind::UnknownKey;
        case vm::ProblemKind::WrongType: return ProblemKind::WrongType;
        case vm::ProblemKind::OutOfRange: return ProblemKind::OutOfRange;
        case vm::ProblemKind::TooManyDecimals: return ProblemKind::TooManyDecimals;
        case vm::ProblemKind::EmptyRange: return ProblemKind::EmptyRange;
        case vm::ProblemKind::Contradiction: return ProblemKind::Contradiction;
        case vm::ProblemKind::TooManyElements: return ProblemKind::TooManyElements;
        case vm::ProblemKind::BadYear: return ProblemKind::BadYear;
        case vm::ProblemKind::Duplicate:
        case vm::ProblemKind::BadPlace: break;
    }
    return ProblemKind::BadPlace;
}

Problem to_public(const vm::Problem& problem) {
    return {kind_of(problem.kind), problem.key, problem.found, problem.expected_chinese, problem.expected_english};
}

constexpr std::size_t longest_key = 10'000, longest_value = 16'000'000;  // bytes
constexpr std::size_t most_refused = 1'000;

// As much of a text as a message repeats, cut between characters.
std::string cut(std::string_view text) {
    constexpr std::size_t most = 80;
    if (text.size() <= most) return std::string(text);
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return std::string(text.substr(0, end)) + "…";
}

// Whether a problem was with the fact at a key, or with one below it: "revenue.2015" and "claims[0].paid_in" lie below
// "revenue" and "claims".
bool lies_at(const std::string& key, std::string_view at) {
    if (!std::string_view(key).starts_with(at)) return false;
    return key.size() == at.size() || key[at.size()] == '.' || key[at.size()] == '[';
}

void forgive(detail::ProfileData& data, std::string_view key) {
    std::erase_if(data.refused, [key](const vm::Problem& problem) { return lies_at(problem.key, key); });
}

// Whatever needs memory is done before anything is changed.
Status refuse(detail::ProfileData& data, std::string_view key, vm::Problem problem) {
    Status told = to_public(problem);
    const bool kept = data.refused.size() < most_refused;
    if (kept && data.refused.size() == data.refused.capacity()) data.refused.reserve(data.refused.size() * 2 + 1);
    // What was refused must not leave the fact at an older value or its default. Where the key itself leads nowhere
    // there is no fact to change, and this changes none.
    const bool value_refused = problem.kind != vm::ProblemKind::UnknownKey && problem.kind != vm::ProblemKind::BadPlace;
    if (value_refused) static_cast<void>(vm::set_unknown(data.profile, key));
    forgive(data, key);
    if (kept) data.refused.push_back(std::move(problem));
    return told;
}

// Of a list that has `count` elements now: those that are gone take what was wrong with them along.
void forgive_elements(detail::ProfileData& data, std::string_view key, std::size_t count) {
    std::erase_if(data.refused, [&](const vm::Problem& each) {
        if (each.key == key) return true;
        if (!lies_at(each.key, key) || each.key[key.size()] != '[') return false;
        std::size_t element = 0;
        for (std::size_t at = key.size() + 1; at < each.key.size() && each.key[at] >= '0' && each.key[at] <= '9'; ++at) {
            element = element * 10 + static_cast<std::size_t>(each.key[at] - '0');
        }
        return element >= count;
    });
}

// What is asked of a key, whatever is to be done with it; nothing when nothing is wrong with it.
std::optional<vm::Problem> objection_to_key(const detail::ProfileData* data, std::string_view key) {
    if (data == nullptr) return vm::Problem{vm::ProblemKind::UnknownKey, cut(key), {}, "某个词汇的一项事实，而此资料不属于任何词汇", "a fact of a vocabulary, which this profile has none of", {}};
    if (key.size() > longest_key) return vm::Problem{vm::ProblemKind::UnknownKey, cut(key), {}, "至多10000字节的键", "a key of at most 10000 bytes", {}};
    if (value::first_invalid(key)) return vm::Problem{vm::ProblemKind::UnknownKey, cut(key), {}, "UTF-8文本的键", "a key in UTF-8", {}};
    return std::nullopt;
}

std::optional<vm::Problem> objection_to_value(std::string_view key, std::string_view text) {
    const bool is_own = key == "company_id" || key == "fiscal_year";
    if (text.size() > (is_own ? longest_key : longest_value)) {
        const std::string most = std::to_string(is_own ? longest_key : longest_value);
        return vm::Problem{vm::ProblemKind::OutOfRange, std::string(key), cut(text), "至多" + most + "字节", "at most " + most + " bytes", {}};
    }
    if (value::first_invalid(text)) return vm::Problem{vm::ProblemKind::WrongType, std::string(key), cut(text), "UTF-8文本", "a text in UTF-8", {}};
    return std::nullopt;
}

// All that changes a profile at a key.
template <class Change>
Status changed(detail::ProfileData* data, std::string_view key, Change change) {
    if (auto objection = objection_to_key(data, key)) return data == nullptr ? Status(to_public(*objection)) : refuse(*data, key, std::move(*objection));
    if (std::optional<vm::Problem> problem = change(*data)) return refuse(*data, key, std::move(*problem));
    return {};
}

Status set_value(detail::ProfileData* data, std::string_view key, vm::Scalar scalar, std::string_view text) {
    return changed(data, key, [&](detail::ProfileData& of) {
        auto problem = objection_to_value(key, text);
        if (!problem) problem = vm::set_value(of.profile, key, scalar, text);
        if (!problem) forgive(of, key);
        return problem;
    });
}

}  // namespace

std::string Problem::chinese() const {
    std::string text = key + "：应为" + expected_chinese;
    if (!found.empty()) text += "，实际为“" + found + "”";
    return value::visible(text);
}

std::string Problem::english() const {
    std::string text = key + ": expected " + expected_english;
    if (!found.empty()) text += ", found \"" + found + "\"";
    return value::visible(text);
}

Profile::Profile(std::unique_ptr<detail::ProfileData> data) : data_(std::move(data)) {}
Profile::Profile(const Profile& other) : data_(other.data_ == nullptr ? nullptr : std::make_unique<detail::ProfileData>(*other.data_)) {}
Profile::Profile(Profile&& other) noexcept = default;
Profile& Profile::operator=(Profile&& other) noexcept = default;
Profile::~Profile() = default;

Profile& Profile::operator=(const Profile& other) {
    if (this != &other) *this = Profile(other);
    return *this;
}

Status Profile::set_truth(std::string_view key, bool value) { return set_value(data_.get(), key, vm::Scalar::Bool, value ? "true" : "false"); }

Status Profile::set_number(std::string_view key, const std::string& digits) { return set_value(data_.get(), key, vm::Scalar::Number, digits); }

Status Profile::set(std::string_view key, std::string_view value) { return set_value(data_.get(), key, vm::Scalar::Plain, value); }

Status Profile::set(std::string_view key, std::chrono::year_month_day value) {
    const auto day = api::day_of(value);
    return set_value(data_.get(), key, vm::Scalar::Number, day ? value::format_date(*day) : "a date outside the calendar or 1900 to 2199");
}

Status Profile::set_unknown(std::string_view key) {
    return changed(data_.get(), key, [&](detail::ProfileData& data) {
        auto problem = vm::set_unknown(data.profile, key);
        if (!problem) forgive(data, key);
        return problem;
    });
}

Status Profile::forget(std::string_view key) {
    return changed(data_.get(), key, [&](detail::ProfileData& data) {
        auto problem = vm::forget(data.profile, key);
        if (!problem) forgive(data, key);
        return problem;
    });
}

Status Profile::set_list(std::string_view key, std::size_t count) {
    return changed(data_.get(), key, [&](detail::ProfileData& data) {
        auto problem = vm::set_list(data.profile, key, count);
        if (!problem) forgive_elements(data, key, count);
        return problem;
    });
}

std::vector<Problem> Profile::problems() const {
    std::vector<Problem> result;
    if (data_ == nullptr) return result;
    for (const vm::Problem& problem : data_->refused) result.push_back(to_public(problem));
    for (const vm::Problem& problem : vm::contradictions(data_->profile)) result.push_back(to_public(problem));
    return result;
}

std::string Profile::subject() const { return data_ == nullptr ? std::string() : data_->pack->pack.string(data_->pack->pack.subjects[data_->profile.subject].name); }

}  // namespace eligo
