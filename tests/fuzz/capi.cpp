// The C interface driven from bytes: each names a call, what follows its arguments, so that packs, profiles, policies, results,
// explanations, limits and cancellations meet in any order, with keys and values that are often real and sometimes anything.
// Broken when: a call ends the process, a status and what is given out do not fit, or a text that is given out is not UTF-8.
#include <eligo/eligo.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>
#include <vector>

#include "../../engine/value/utf8.hpp"
#include "shop.hpp"
#include "target.hpp"

namespace {

using eligo::fuzz::require;

class Bytes {
public:
    Bytes(const std::uint8_t* data, std::size_t size) : data_(data), rest_(size) {}
    [[nodiscard]] bool any() const { return rest_ > 0; }
    std::uint8_t next() {
        if (rest_ == 0) return 0;
        --rest_;
        return *data_++;
    }
    std::size_t below(std::size_t count) { return next() % count; }
    std::uint64_t number() {
        std::uint64_t number = 0;
        for (std::size_t i = below(9); i > 0; --i) number = number << 8 | next();
        return number;
    }
    // One of these, or anything without a zero byte.
    template <std::size_t Count>
    std::string text(const char* const (&likely)[Count]) {
        const std::size_t which = next();
        if (which < 200) return likely[which % Count];
        std::string text;
        for (std::size_t i = below(40); i > 0; --i) text += static_cast<char>(std::max<std::uint8_t>(next(), 1));
        return text;
    }

private:
    const std::uint8_t* data_;
    std::size_t rest_;
};

constexpr const char* keys[] = {"opened", "staff", "skilled", "sales.2017", "sales.2016", "sales", "weight", "share", "lease", "sort", "industry", "town", "owner", "chain", "audited.2017", "audited",
                                "goods", "goods[0].price", "goods[2].made", "goods[1].from", "goods[3].price", "company_id", "fiscal_year", "sales.1899", "goods[0]", "staff.2017", "nothing", ""};
constexpr const char* values[] = {"1", "0", "500", "2015-03-01", "true", "false", "food", "工具", "C39", "I65", "12.5%", "0.125", "3 ..", ".. 7", "1 .. 2", "9 .. 1", "0 <..< 1", "x", "\xff", "9999999999999999999999", ""};
constexpr const char* policy_names[] = {"plain", "stocked", "nobody", ""};
constexpr const char* subjects[] = {"shop", "good", "nobody", ""};

void texts_are_utf8(const char* text) {
    if (text != nullptr) require(!eligo::value::first_invalid(text), "a text that is not UTF-8");
}

struct Cancel {
    std::size_t after = 0;
};
int cancelled(void* context) {
    auto& cancel = *static_cast<Cancel*>(context);
    return cancel.after-- == 0 ? 1 : 0;
}

class Session {
public:
    explicit Session(Bytes& bytes) : bytes_(bytes) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() {
        for (eligo_explanation* each : whys_) eligo_explanation_free(each);
        for (eligo_result* each : results_) eligo_result_free(each);
        for (eligo_policy* each : policies_) eligo_policy_free(each);
        for (eligo_profile* each : profiles_) eligo_profile_free(each);
        for (eligo_pack* each : packs_) eligo_pack_free(each);
    }

    void run() {
        for (int calls = 0; bytes_.any() && calls < 200; ++calls) call();
    }

private:
    // NULL where there is none yet, and now and then all the same.
    template <class Handle>
    Handle* one_of(const std::vector<Handle*>& handles) {
        const std::size_t which = bytes_.next();
        return handles.empty() || which == 255 ? nullptr : handles[which % handles.size()];
    }
    template <class Handle>
    void keep(std::vector<Handle*>& handles, Handle* made) {
        if (made == nullptr) return;
        handles.push_back(made);
    }

    template <class Call>
    eligo_status made(Call made) {
        eligo_error* error = nullptr;
        const eligo_status status = made(bytes_.below(4) == 3 ? nullptr : &error);
        require(status >= ELIGO_OK && status <= ELIGO_CANCELLED && status != ELIGO_NO_MEMORY && status != ELIGO_INTERNAL, "status " + std::to_string(status));
        require(error == nullptr || eligo_error_status(error) == status, "an error of another status");
        for (std::size_t i = 0; i < eligo_error_count(error); ++i) {
            texts_are_utf8(eligo_error_where(error, i));
            texts_are_utf8(eligo_error_code(error, i));
            for (const eligo_language language : {ELIGO_CHINESE, ELIGO_ENGLISH}) texts_are_utf8(eligo_error_message(error, i, language));
            require(eligo_error_message(error, i, ELIGO_CHINESE) != nullptr, "an error without words");
        }
        eligo_error_free(error);
        return status;
    }
    template <class Handle, class Call>
    void makes(std::vector<Handle*>& handles, Call call) {
        Handle* given = nullptr;
        const eligo_status status = made([&](eligo_error** error) { return call(&given, error); });
        require((status == ELIGO_OK) == (given != nullptr), "a handle and a status that do not fit");
        keep(handles, given);
    }

    const eligo_limits* limits() {
        if (bytes_.below(3) != 0) return nullptr;
        limits_ = {sizeof(eligo_limits), bytes_.number(), bytes_.number(), nullptr, nullptr};
        if (bytes_.below(2) == 0) {
            cancel_.after = bytes_.next();
            limits_.cancelled = cancelled;
            limits_.context = &cancel_;
        }
        if (bytes_.below(32) == 31) limits_.struct_size = bytes_.next() % sizeof(eligo_limits);
        return &limits_;
    }
    eligo_question question() {
        eligo_question question{};
        question.struct_size = bytes_.below(32) == 31 ? bytes_.next() % sizeof question : sizeof question;
        question.as_of = date();
        if (bytes_.below(4) == 3) question.known_on = date();
        question.limits = limits();
        return question;
    }
    eligo_date date() {
        if (bytes_.below(8) == 7) return {static_cast<std::int32_t>(bytes_.number()), static_cast<std::int32_t>(bytes_.number()), static_cast<std::int32_t>(bytes_.number())};
        return {2010 + static_cast<std::int32_t>(bytes_.below(20)), 1 + static_cast<std::int32_t>(bytes_.below(12)), 1 + static_cast<std::int32_t>(bytes_.below(28))};
    }

    void call() {
        switch (bytes_.below(16)) {
            case 0: return compile();
            case 1: return read();
            case 2: {
                const std::string subject = bytes_.text(subjects);
                const eligo_pack* const pack = one_of(packs_);
                return makes(profiles_, [&](eligo_profile** profile, eligo_error** error) { return eligo_profile_new(pack, subject.c_str(), profile, error); });
            }
            case 3: {
                const std::string name = bytes_.text(policy_names);
                const eligo_pack* const pack = one_of(packs_);
                return makes(policies_, [&](eligo_policy** policy, eligo_error** error) { return eligo_policy_new(pack, name.c_str(), policy, error); });
            }
            case 4: {
                const eligo_profile* const profile = one_of(profiles_);
                return makes(profiles_, [&](eligo_profile** copy, eligo_error** error) { return eligo_profile_copy(profile, copy, error); });
            }
            case 5: return makes(results_, [&](eligo_result** result, eligo_error** error) { return eligo_result_new(result, error); });
            case 6:
            case 7:
            case 8:
            case 9:
            case 10: return set();
            case 11: {
                const eligo_profile* const profile = one_of(profiles_);
                made([&](eligo_error** error) { return eligo_profile_problems(profile, error); });
                return;
            }
            case 12:
            case 13: return check();
            default: return explain();
        }
    }

    void compile() {
        if (packs_.size() > 3) return;
        std::string source = eligo::fuzz::shop_rules;
        for (std::size_t i = bytes_.below(4); i > 0 && bytes_.below(4) == 3; --i) source[bytes_.number() % source.size()] = static_cast<char>(std::max<std::uint8_t>(bytes_.next(), 1));
        const char *const path = "shop.policy", *const text = source.c_str();
        const eligo_limits* const given = limits();
        // A success may come with warnings.
        eligo_pack* pack = nullptr;
        eligo_error* error = nullptr;
        const eligo_status status = eligo_compile_within(&path, &text, 1, given, &pack, &error);
        eligo_error_free(error);
        require((status == ELIGO_OK) == (pack != nullptr), "a pack and a status that do not fit");
        keep(packs_, pack);
    }

    void read() {
        const eligo_pack* const pack = one_of(packs_);
        if (pack == nullptr || packs_.size() > 3) return;
        eligo_bytes* image = nullptr;
        require(eligo_pack_bytes(pack, &image, nullptr) == ELIGO_OK, "a pack without bytes");
        std::vector<std::uint8_t> bytes(eligo_bytes_data(image), eligo_bytes_data(image) + eligo_bytes_size(image));
        eligo_bytes_free(image);
        if (bytes_.below(2) == 1) bytes[bytes_.number() % bytes.size()] = bytes_.next();
        const eligo_limits* const given = limits();
        makes(packs_, [&](eligo_pack** made, eligo_error** error) { return eligo_pack_read_within(bytes.data(), bytes.size(), given, made, error); });
    }

    void set() {
        eligo_profile* const profile = one_of(profiles_);
        const std::string key = bytes_.text(keys), value = bytes_.text(values);
        const auto kind = bytes_.below(9);
        const std::uint64_t number = bytes_.number();
        const eligo_date day = date();
        made([&](eligo_error** error) -> eligo_status {
            switch (kind) {
                case 0: return eligo_profile_set_int(profile, key.c_str(), static_cast<std::int64_t>(number), error);
                case 1: return eligo_profile_set_bool(profile, key.c_str(), static_cast<int>(number % 3), error);
                case 2: return eligo_profile_set_date(profile, key.c_str(), day, error);
                case 3: return eligo_profile_set_unknown(profile, key.c_str(), error);
                case 4: return eligo_profile_set_list(profile, key.c_str(), number % 8 == 7 ? number : number % 5, error);
                case 5: return eligo_profile_forget(profile, key.c_str(), error);
                default: return eligo_profile_set(profile, key.c_str(), value.c_str(), error);
            }
        });
    }

    void check() {
        eligo_policy* const policy = one_of(policies_);
        const eligo_profile* const profile = one_of(profiles_);
        eligo_result* const result = one_of(results_);
        const eligo_question asked = question();
        const eligo_status status = made([&](eligo_error** error) { return eligo_policy_check(policy, profile, &asked, result, error); });
        if (status != ELIGO_OK) require(eligo_result_verdict(result) == ELIGO_NOT_IN_FORCE && eligo_result_benefit_count(result) == 0, "a result of a check that was refused");
        for (std::size_t i = 0; i <= eligo_result_benefit_count(result); ++i) {
            texts_are_utf8(eligo_result_benefit_name(result, i));
            const char *const low = eligo_result_benefit_low(result, i), *const high = eligo_result_benefit_high(result, i);
            require((eligo_result_benefit_given(result, i) != ELIGO_FALSE) == (low != nullptr && high != nullptr), "a benefit without a value, or the other way round");
            std::int64_t fen = 0;
            static_cast<void>(eligo_result_benefit_fen(result, i, &fen, nullptr));
        }
    }

    void explain() {
        const eligo_policy* const policy = one_of(policies_);
        const eligo_profile* const profile = one_of(profiles_);
        const eligo_question asked = question();
        const eligo_language language = static_cast<eligo_language>(bytes_.below(3));
        const std::size_t before = whys_.size();
        makes(whys_, [&](eligo_explanation** why, eligo_error** error) { return eligo_policy_explain(policy, profile, &asked, language, why, error); });
        if (whys_.size() == before) return;
        texts_are_utf8(eligo_explanation_text(whys_.back()));
        texts_are_utf8(eligo_explanation_json(whys_.back()));
        for (std::size_t i = 0; i < eligo_explanation_missing_count(whys_.back()); ++i) texts_are_utf8(eligo_explanation_missing(whys_.back(), i));
        if (whys_.size() < 4) return;
        eligo_explanation_free(whys_.back());
        whys_.pop_back();
    }

    Bytes& bytes_;
    eligo_limits limits_{};
    Cancel cancel_;
    std::vector<eligo_pack*> packs_;
    std::vector<eligo_profile*> profiles_;
    std::vector<eligo_policy*> policies_;
    std::vector<eligo_result*> results_;
    std::vector<eligo_explanation*> whys_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes(data, size);
    Session(bytes).run();
    return 0;
}
