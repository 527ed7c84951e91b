// A pack built by hand, so that what reads profiles is tested without the compiler: a company with a fact of each kind,
// a person, and the records they have.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../../engine/bytecode/pack.hpp"
#include "../../engine/value/code.hpp"
#include "../../engine/value/date.hpp"

namespace eligo::tests {

class SmallPack {
public:
    static bytecode::Pack make() { return SmallPack().build(); }

    static constexpr bytecode::Index company = 0, person = 1, claim = 2, address = 3;

private:
    using Index = bytecode::Index;
    using Kind = bytecode::Kind;
    using Fact = bytecode::Fact;

    Index text(std::string value) {
        pack_.strings.push_back(std::move(value));
        return static_cast<Index>(pack_.strings.size() - 1);
    }

    Fact fact(std::string name, Kind kind) {
        Fact fact;
        fact.name = text(std::move(name));
        fact.kind = kind;
        return fact;
    }

    Fact number(std::string name, std::int64_t low, std::int64_t high, bytecode::Unit unit = {1, 1'000'000}) {
        Fact made = fact(std::move(name), Kind::Number);
        made.unit = unit;
        made.whole = unit.denominator == 1;
        made.low = low * unit.denominator;
        made.high = high * unit.denominator;
        return made;
    }

    Fact money(std::string name, std::int64_t low = 0) {
        Fact made = fact(std::move(name), Kind::Money);
        made.unit = {1, 100};
        made.low = low * 100;
        made.high = 10'000'000'000'000 * 100;
        return made;
    }

    Fact date(std::string name) {
        Fact made = fact(std::move(name), Kind::Date);
        made.low = value::first_day;
        made.high = value::last_day;
        return made;
    }

    static Fact yearly(Fact made) {
        made.yearly = true;
        return made;
    }

    static Fact by_default(Fact made, std::int64_t value) {
        made.default_kind = bytecode::DefaultKind::Constant;
        made.default_value = value;
        return made;
    }

    Fact of(Fact made, Index ref) {
        made.ref = ref;
        return made;
    }

    void columns_of(Index subject, Index at, std::vector<Index> path, const std::string& prefix) {
        for (std::size_t i = 0; i < pack_.subjects[at].facts.size(); ++i) {
            const Fact made = pack_.subjects[at].facts[i];
            std::vector<Index> here = path;
            here.push_back(static_cast<Index>(i));
            const std::string name = prefix + pack_.string(made.name);
            if (made.kind == Kind::Record) {
                columns_of(subject, made.ref, here, name + ".");
            } else {
                pack_.subjects[subject].columns.push_back({here, text(name), at});
            }
        }
    }

    void subject(std::string name, bool is_record, std::vector<Fact> facts) {
        bytecode::Subject made;
        made.name = text(std::move(name));
        made.is_record = is_record;
        made.facts = std::move(facts);
        pack_.subjects.push_back(std::move(made));
    }

    void policy(std::string name, Index subject) {
        bytecode::Policy made;
        made.name = text(std::move(name));
        made.subject = subject;
        pack_.policies.push_back(std::move(made));
    }

    bytecode::Pack build() {
        pack_.texts = {text("上海")};
        bytecode::Enumeration fields;
        fields.members.push_back({text("none"), {text("无"), text("None")}});
        fields.members.push_back({text("ict"), {text("电子信息"), text("Information technology")}});
        pack_.enumerations.push_back(fields);

        Fact rd_staff = number("rd_staff", 0, 5'000'000);
        rd_staff.high_fact = 1;
        Fact domestic = yearly(money("rd_expense_domestic"));
        domestic.high_fact = 6;
        Fact share = number("share", 0, 1);
        share.percent = true;
        Fact claims = of(fact("claims", Kind::List), claim);
        claims.up_to = 3;
        Fact months = number("months_2022", 1, 12, {1, 1});
        months.kind = Kind::Months;
        subject("company", false,
                {fact("resident", Kind::Bool),                                                  // 0
                 number("employees", 0, 5'000'000),                                             // 1
                 rd_staff,                                                                      // 2
                 number("class1_ip", 0, 100'000, {1, 1}),                                       // 3
                 share,                                                                         // 4
                 yearly(money("revenue")),                                                      // 5
                 yearly(money("rd_expense")),                                                   // 6
                 domestic,                                                                      // 7
                 money("net_assets", -10'000'000'000'000),                                      // 8
                 date("registered_on"),                                                         // 9
                 fact("city", Kind::Text),                                                      // 10
                 of(fact("tech_field", Kind::Enum), 0),                                         // 11
                 of(fact("industry", Kind::Code), static_cast<Index>(value::Classification::Gbt4754)),  // 12
                 claims,                                                                        // 13
                 of(fact("address", Kind::Record), address),                                    // 14
                 by_default(months, 12),                                                        // 15
                 by_default(yearly(money("special_income")), 0)});                              // 16
        subject("person", false, {date("born_on"), number("employees", 0, 10), fact("resident", Kind::Bool)});
        Fact recovered = money("recovered");
        recovered.high_fact = 0;
        subject("claim", true, {money("paid_in"), recovered, fact("exited", Kind::Bool)});
        subject("address", true, {fact("district", Kind::Text), yearly(money("rent"))});
        for (Index i = 0; i < 4; ++i) columns_of(i, i, {}, "");
        policy("for_company", company);
        policy("for_person", person);
        policy("for_claim", claim);
        return std::move(pack_);
    }

    bytecode::Pack pack_;
};

}  // namespace eligo::tests
