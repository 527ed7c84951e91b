// <eligo/pack.hpp>: packs and policies. Part of the runtime.
#include "../../include/eligo/pack.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "../bytecode/bounds.hpp"
#include "../bytecode/image.hpp"
#include "../bytecode/limits.hpp"
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

bool allows(std::uint64_t limit, std::uint64_t needed) { return limit == 0 || needed <= limit; }

Truth truth_of(value::Truth truth) { return static_cast<Truth>(truth); }

}  // namespace

void detail::misused(const std::string& message) {
#ifdef __cpp_exceptions
    throw std::logic_error("eligo: " + message);
#else
    std::fprintf(stderr, "eligo: %s\n", message.c_str());
    std::abort();
#endif
}

Error detail::ended(value::Allowance::Stop stop) {
    using Stop = value::Allowance::Stop;
    switch (stop) {
        case Stop::Memory: return {"所需内存超出了调用方的限额", "this takes more memory than the caller allows", Refusal::Limit};
        case Stop::Steps: return {"所需步数超出了调用方的限额", "this takes more steps than the caller allows", Refusal::Limit};
        case Stop::Cancelled: return {"已由调用方取消", "cancelled by the caller", Refusal::Cancelled};
        case Stop::None: break;
    }
    return {};
}

// About how much memory a plan takes while it is made, for each instruction that it runs, and for each of the program
// (tests/limits/no_memory.cpp).
constexpr std::uint64_t bytes_of_planning = 1'200, bytes_of_looking = 40;

Result<Pack> detail::PackData::make(bytecode::Pack pack, value::Allowance& allowance) {
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
    data->costs.reserve(data->pack.policies.size());
    for (std::size_t i = 0; i < data->pack.policies.size(); ++i) {
        const bytecode::Cost cost = bytecode::cost_of(data->pack, data->pack.policies[i]);
        data->costs.push_back({cost.instructions_with_sets, cost.bytes + cost.bytes_of_sets});
        // What making them takes is given back once they are made.
        const std::uint64_t meanwhile = cost.instructions_with_sets * bytes_of_planning + data->pack.subjects[data->pack.policies[i].subject].program.code.size() * bytes_of_looking;
        if (!allowance.take(meanwhile)) return ended(allowance.stopped());
        allowance.give_back(meanwhile);
        for (const auto& [checkers, answer] : {std::pair(&data->checkers, vm::Checker::Answer::VerdictAndBenefits), std::pair(&data->verdict_checkers, vm::Checker::Answer::Verdict)}) {
            checkers->emplace_back(data->pack, static_cast<Index>(i), answer);
            if (!allowance.take(checkers->back().bytes()) || !allowance.spend(checkers->back().steps())) return ended(allowance.stopped());
        }
    }
    return Pack(std::shared_ptr<const PackData>(std::move(data)));
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
    while (const std::size_t count = std::fread(block, 1, sizeof block, file.get())) {
        bytes.insert(bytes.end(), block, block + count);
        if (bytes.size() <= bytecode::most_pack_bytes) continue;
        const std::string most = std::to_string(bytecode::most_pack_bytes);
        return cannot(path, ("文件过大，规则包至多" + most + "字节").c_str(), ("the file is too large; a pack has at most " + most + " bytes").c_str());
    }
    if (std::ferror(file.get()) != 0) return cannot(path, "读取文件时出错", "reading the file failed");
    return bytes;
}

// ---- Pack

Result<Pack> Pack::load(const std::string& path, const Limits& limits) {
    auto bytes = detail::read_bytes(path);
    if (!bytes) return bytes.error();
    auto pack = read(bytes.value(), limits);
    if (!pack) return Error{value::visible(path + "：" + pack.error().chinese), value::visible(path + ": " + pack.error().english), pack.error().refusal};
    return pack;
}

Result<Pack> Pack::read(std::span<const std::uint8_t> bytes, const Limits& limits) {
    value::Allowance allowance = detail::allowance_of(limits);
    bytecode::Fault fault;
    auto pack = bytecode::read_image(bytes, fault, &allowance);
    if (!allowance.may_go_on()) return detail::ended(allowance.stopped());
    if (!pack) return Error{value::visible("不是可用的规则包：" + fault.chinese), value::visible("this is not a pack that can run: " + fault.english)};
    return detail::PackData::make(std::move(*pack), allowance);
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
    return policy ? std::move(*policy) : Policy();
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
    return profile ? std::move(*profile) : Profile(nullptr);
}

// ---- Policy

Policy::Policy(std::shared_ptr<const detail::PackData> pack, std::uint32_t number)
    : pack_(std::move(pack)), number_(number), memory_(new_memory(*pack_, number_)) {}
Policy::Policy(const Policy& other) : pack_(other.pack_), number_(other.number_), memory_(pack_ == nullptr ? nullptr : new_memory(*pack_, number_)) {}
Policy::Policy(Policy&& other) noexcept = default;
Policy& Policy::operator=(Policy&& other) noexcept = default;
Policy::~Policy() = default;

Policy& Policy::operator=(const Policy& other) {
    if (this != &other) *this = Policy(other);
    return *this;
}

Refusal Policy::refuses(const Profile& profile, const Question& question) const noexcept {
    if (pack_ == nullptr) return Refusal::NoPolicy;
    if (profile.data_ == nullptr || profile.data_->pack != pack_ || profile.data_->profile.subject != pack_->pack.policies[number_].subject) return Refusal::OtherProfile;
    if (question.limits == nullptr) [[likely]] return Refusal::None;
    const Cost& cost = pack_->costs[number_];
    if (!allows(question.limits->memory, cost.memory) || !allows(question.limits->steps, cost.steps)) return Refusal::Limit;
    return detail::allowance_of(*question.limits).spend(0) ? Refusal::None : Refusal::Cancelled;
}

Cost Policy::cost() const noexcept { return pack_ == nullptr ? Cost{} : pack_->costs[number_]; }

Verdict Policy::verdict(const Profile& profile, const Question& question) noexcept {
    if (refuses(profile, question) != Refusal::None) return Verdict::Undetermined;
    const auto converted = detail::asked(question);
    if (!converted) return Verdict::NotInForce;
    return static_cast<Verdict>(pack_->verdict_checkers[number_].check(profile.data_->profile, *converted, memory_->verdict_memory).verdict);
}

CheckResult Policy::check(const Profile& profile, const Question& question) noexcept {
    CheckResult result;
    result.pack_ = pack_;
    result.policy_ = number_;
    result.refusal_ = refuses(profile, question);
    if (result.refusal_ != Refusal::None) {
        result.verdict_ = Verdict::Undetermined;
        return result;
    }
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
    const auto refused = [&](Refusal refusal) {
        Explanation told;
        told.refusal = refusal;
        told.policy = name();
        told.verdict = Verdict::Undetermined;
        return told;
    };
    if (const Refusal refusal = refuses(profile, question); refusal != Refusal::None) return refused(refusal);
    const auto converted = detail::asked(question);
    value::Allowance allowance = question.limits == nullptr ? value::Allowance() : detail::allowance_of(*question.limits);
    Explanation told = converted ? api::to_public(explain::why(pack_->pack, number_, profile.data_->profile, *converted, {}, &allowance)) : api::not_asked(pack_->pack, number_);
    if (!allowance.may_go_on()) return refused(detail::ended(allowance.stopped()).refusal);
    told.known_on = question.known_on;
    return told;
}

std::string Policy::name() const { return pack_ == nullptr ? std::string() : pack_->pack.string(pack_->pack.policies[number_].name); }

std::string Policy::subject() const { return pack_ == nullptr ? std::string() : pack_->pack.string(pack_->pack.subjects[pack_->pack.policies[number_].subject].name); }

std::vector<Period> Policy::in_force() const {
    std::vector<Period> periods;
    if (pack_ == nullptr) return periods;
    for (const auto& version : pack_->pack.policies[number_].versions) periods.push_back({api::date_of(version.from), api::date_of(version.to)});
    return periods;
}

}  // namespace eligo
