// Profiles for the comparison: from scenarios, and made up. Made-up ones sit on thresholds, a step beside them, or
// anywhere; some of their facts are left out, unknown, or given as a range.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "../../engine/sema/model.hpp"
#include "../../engine/vm/profile.hpp"
#include "oracle.hpp"

namespace eligo::oracle {

// The profile and the question that a scenario asks.
[[nodiscard]] Profile profile_of(const sema::Model& model, const sema::Scenario& scenario);
// The same facts for the engine, by way of the texts that people write. Facts it refuses are named in `problems`.
[[nodiscard]] vm::Profile engine_profile(const sema::Model& model, const bytecode::Pack& pack, const Profile& profile, std::string& problems);
// Every fact on a line, for messages.
[[nodiscard]] std::string print(const sema::Model& model, const Profile& profile);

struct Case {
    Profile profile;
    Question question;
};

class Maker {
public:
    Maker(const sema::Model& model, sema::Id policy, std::uint32_t seed);

    // A scenario's profile with some facts changed, or one made up from nothing.
    [[nodiscard]] Case make();
    // The same with every open fact settled, somewhere within what it may be. What is left out and has a default stays
    // out, but for what is named.
    [[nodiscard]] Case complete(const Case& open, const std::vector<std::string>& named = {});

private:
    enum class Openness : std::uint8_t { Closed, Some, Ranges, Most };

    struct Site {  // a fact that the policy reads, in a record of the profile
        std::string key;
        sema::Id subject, fact;
    };
    struct Sites {
        std::vector<Site> own;
        std::map<std::string, std::vector<Site>> elements;  // by list
        std::map<std::string, Site> lists;
    };

    const Sites& sites(std::int32_t fiscal_year);
    void fill(Record& record, const std::vector<Site>& sites, value::Day as_of, Openness openness);
    void fill_lists(Record& record, const Sites& sites, value::Day as_of, Openness openness);
    void disturb(Case& made);
    value::Day known_on(value::Day as_of);
    Scalar open_or_known(const Record& record, const Site& site, value::Day as_of, Openness openness);
    Number pick(const Record& record, const Site& site, value::Day as_of);
    Number pick_number(const Record& record, const Site& site, const Declared& declared);
    Number pick_day(const Declared& declared, value::Day as_of);
    Number pick_code(const sema::Type& type);
    Number settle(const Record& record, const Site& site, const Scalar& given);
    void complete(Record& record, const std::vector<Site>& sites, const std::string& prefix, const std::vector<std::string>& named);
    [[nodiscard]] Declared within_bounds(const Record& record, const Site& site) const;
    Number between(const Number& low, const Number& high, const Number& step);
    std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>(random_() % count); }
    const sema::Fact& fact(const Site& site) const { return model_.subjects[site.subject].facts[site.fact]; }

    const sema::Model& model_;
    sema::Id policy_;
    std::mt19937 random_;
    std::vector<const sema::Scenario*> scenarios_;
    std::map<sema::Kind, std::vector<Number>> constants_;  // that the rules compare with
    std::vector<value::Day> turns_;                        // days on which the policy, or a parameter, changes
    std::vector<value::Day> published_;                    // days on which values and rows were published
    std::vector<Read> reads_;                              // in reads_year_, which is shifted into any other
    std::int32_t reads_year_ = 0;
    std::int32_t first_read_ = 0, last_read_ = 0;          // years that are read, counted from the fiscal year
    std::map<std::int32_t, Sites> sites_;                  // by fiscal year
};

}  // namespace eligo::oracle
