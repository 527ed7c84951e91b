// <eligo/pack.hpp>: packs and policies. Part of the runtime.
#include "../../include/eligo/pack.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "../bytecode/image.hpp"
#include "../explain/why.hpp"
#include "../value/visible_text.hpp"
#include "dates.hpp"
#include "explanation.hpp"
#include "pack_data.hpp"

namespace eligo {
namespace {

using bytecode::Index;

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

Error cannot(const std::string& path, std::string_view chinese, std::string_view english) {
    return {value::visible(path + "：" + std::string(chinese)), value::visible(path + ": " + std::string(english))};
}

std::optional<Index> number_of_policy(const bytecode::Pack& pack, std::string_view name) {
    for (std::size_t i = 0; i < pack.policies.size(); ++i) {
        if (pack.string(pack.policies[i].name) == name) return static_cast<Index>(i);
    }
    return std::nullopt;
}

std::optional<Index> number_of_subject(const bytecode::Pack& pack, std::string_view name) {
    for (std::size_t i = 0; i < pack.subjects.size(); ++i) {
        if (pack.string(pack.subjects[i].name) == name) return static_cast<Index>(i);
    }
    return std::nullopt;
}

std::unique_ptr<detail::PolicyMemory> new_memory(const detail::PackData& pack, Index policy) {
    return std::make_unique<detail::PolicyMemory>(detail::PolicyMemory{pack.checkers[policy].memory(), pack.verdict_checkers[policy].memory()});
}

void require_own(const detail::PackData& pack, Index policy, const detail::ProfileData& profile) {
    if (profile.pack.get() != &pack) detail::stop("a profile is checked by a policy of another pack");
    if (profile.profile.subject != pack.pack.policies[policy].subject) detail::stop("a profile is checked by a policy for another subject");
}

Truth truth_of(value::Truth truth) { return static_cast<Truth>(truth); }

}  // namespace

Result<Pack> detail::PackData::make(bytecode::Pack pack) {
    for (const auto& policy : pack.policies) {
        for (const auto& version : policy.versions) {
            if (version.benefits.size() <= most_benefits) continue;
            const std::string name = value::visible(pack.string(policy.name)), most = std::to_string(most_benefits);
            return Error{"政策" + name + "的优惠多于" + most + "项", "policy " + name + " gives more than " + most + " benefits"};
        }
    }
    auto data = std::make_shared<PackData>();
    data->pack = std::move(pack);
    data->checkers.reserve(data->pack.policies.size());
    data->verdict_checkers.reserve(data->pack.policies.size());
    for (std::size_t i = 0; i < data->pack.policies.size(); ++i) {
        data->checkers.emplace_back(data->pack, static_cast<Index>(i));
        data->verdict_checkers.emplace_back(data->pack, static_cast<Index>(i), vm::Checker::Answer::Verdict);
    }
    return Pack(std::shared_ptr<const PackData>(std::move(data)));
}

bool detail::belong_together(const PackData& pack, bytecode::Index policy, const ProfileData& profile) {
    return profile.pack.get() == &pack && profile.profile.subject == pack.pack.policies[policy].subject;
}

std::optional<vm::Question> detail::asked(const Question& question) {
    const auto as_of = api::day_of(question.as_of);
    if (!as_of || (question.known_on && !question.known_on->ok())) return std::nullopt;
    vm::Question result{*as_of};
    if (!question.known_on) return result;
    const auto first = api::date_of(value::first_day), last = api::date_of(value::last_day);
    result.known_on = *api::day_of(std::clamp(*question.known_on, first, last));
    return result;
}

Result<std::vector<std::uint8_t>> detail::read_bytes(const std::string& path) {
    const File file(std::fopen(path.c_str(), "rb"));
    if (!file) return cannot(path, "无法打开文件", "the file cannot be opened");
    std::vector<std::uint8_t> bytes;
    std::uint8_t block[65536];
    while (const std::size_t count = std::fread(block, 1, sizeof block, file.get())) bytes.insert(bytes.end(), block, block + count);
    if (std::ferror(file.get()) != 0) return cannot(path, "读取文件时出错", "reading the file failed");
    return bytes;
}

// ---- Pack

Result<Pack> Pack::load(const std::string& path) {
    auto bytes = detail::read_bytes(path);
    if (!bytes) return bytes.error();
    auto pack = read(bytes.value());
    if (!pack) return cannot(path, pack.error().chinese, pack.error().english);
    return pack;
}

Result<Pack> Pack::read(std::span<const std::uint8_t> bytes) {
    bytecode::Fault fault;
    auto pack = bytecode::read_image(bytes, fault);
    if (!pack) return Error{value::visible("不是可用的规则包：" + fault.chinese), value::visible("this is not a pack that can run: " + fault.english)};
    return detail::PackData::make(std::move(*pack));
}

std::vector<std::uint8_t> Pack::bytes() const { return bytecode::write_image(data_->pack); }

Result<bool> Pack::save(const std::string& path) const {
    const std::vector<std::uint8_t> image = bytes();
    File file(std::fopen(path.c_str(), "wb"));
    if (!file) return cannot(path, "无法写入文件", "the file cannot be opened for writing");
    const bool written = std::fwrite(image.data(), 1, image.size(), file.get()) == image.size();
    const bool closed = std::fclose(file.release()) == 0;
    if (!written || !closed) return cannot(path, "写入文件时出错", "writing the file failed");
    return true;
}

std::vector<std::string> Pack::policies() const {
    std::vector<std::string> names;
    for (const auto& policy : data_->pack.policies) names.push_back(data_->pack.string(policy.name));
    return names;
}

std::vector<std::string> Pack::subjects() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < data_->pack.subjects.size(); ++i) {
        const bool asked_about = std::any_of(data_->pack.policies.begin(), data_->pack.policies.end(), [i](const auto& policy) { return policy.subject == i; });
        if (asked_about) names.push_back(data_->pack.string(data_->pack.subjects[i].name));
    }
    return names;
}

std::optional<Policy> Pack::find_policy(std::string_view name) const {
    const auto number = number_of_policy(data_->pack, name);
    if (!number) return std::nullopt;
    return Policy(data_, *number);
}

Policy Pack::policy(std::string_view name) const {
    auto policy = find_policy(name);
    if (!policy) detail::stop("the pack has no policy " + std::string(name));
    return std::move(*policy);
}

std::optional<Profile> Pack::find_profile(std::string_view subject) const {
    const auto number = number_of_subject(data_->pack, subject);
    if (!number) return std::nullopt;
    auto data = std::make_unique<detail::ProfileData>();
    data->pack = data_;
    data->profile = vm::empty_profile(data_->pack, *number);
    return Profile(std::move(data));
}

Profile Pack::profile(std::string_view subject) const {
    auto profile = find_profile(subject);
    if (!profile) detail::stop("the pack has no vocabulary " + std::string(subject));
    return std::move(*profile);
}

// ---- Policy

Policy::Policy(std::shared_ptr<const detail::PackData> pack, std::uint32_t number)
    : pack_(std::move(pack)), number_(number), memory_(new_memory(*pack_, number_)) {}
Policy::Policy(const Policy& other) : pack_(other.pack_), number_(other.number_), memory_(new_memory(*pack_, number_)) {}
Policy::Policy(Policy&& other) noexcept = default;
Policy& Policy::operator=(Policy&& other) noexcept = default;
Policy::~Policy() = default;

Policy& Policy::operator=(const Policy& other) {
    if (this != &other) *this = Policy(other);
    return *this;
}

Verdict Policy::verdict(const Profile& profile, const Question& question) noexcept {
    require_own(*pack_, number_, *profile.data_);
    const auto converted = detail::asked(question);
    if (!converted) return Verdict::NotInForce;
    return static_cast<Verdict>(pack_->verdict_checkers[number_].check(profile.data_->profile, *converted, memory_->verdict_memory).verdict);
}

CheckResult Policy::check(const Profile& profile, const Question& question) noexcept {
    require_own(*pack_, number_, *profile.data_);
    CheckResult result;
    result.pack_ = pack_;
    result.policy_ = number_;
    const auto converted = detail::asked(question);
    if (!converted) return result;
    const vm::Checker& checker = pack_->checkers[number_];
    const vm::Outcome outcome = checker.check(profile.data_->profile, *converted, memory_->memory);
    result.verdict_ = static_cast<Verdict>(outcome.verdict);
    result.version_ = outcome.version;
    if (result.verdict_ == Verdict::NotInForce) return result;
    result.benefit_count_ = pack_->pack.policies[number_].versions[outcome.version].benefits.size();
    for (std::size_t i = 0; i < result.benefit_count_; ++i) {
        const auto benefit = checker.benefit(memory_->memory, outcome, i);
        const auto split = [](value::Int128 value) { return CheckResult::Wide{static_cast<std::int64_t>(value >> 64), static_cast<std::uint64_t>(value)}; };
        result.benefits_[i] = {truth_of(benefit.given), split(benefit.amount.low), split(benefit.amount.high)};
    }
    return result;
}

Explanation Policy::explain(const Profile& profile, const Question& question) const {
    require_own(*pack_, number_, *profile.data_);
    const auto converted = detail::asked(question);
    Explanation told = converted ? api::to_public(explain::why(pack_->pack, number_, profile.data_->profile, *converted)) : api::not_asked(pack_->pack, number_);
    told.known_on = question.known_on;
    return told;
}

std::string Policy::name() const { return pack_->pack.string(pack_->pack.policies[number_].name); }

std::string Policy::subject() const { return pack_->pack.string(pack_->pack.subjects[pack_->pack.policies[number_].subject].name); }

std::vector<Period> Policy::in_force() const {
    std::vector<Period> periods;
    for (const auto& version : pack_->pack.policies[number_].versions) periods.push_back({api::date_of(version.from), api::date_of(version.to)});
    return periods;
}

}  // namespace eligo
