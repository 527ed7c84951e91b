// Facts given by key and text: exact, or refused with what was expected.
#include "../../engine/vm/profile_set.hpp"

#include <gtest/gtest.h>

#include <string>

#include "../../engine/value/code.hpp"
#include "../../engine/value/date.hpp"
#include "small_pack.hpp"

namespace eligo::vm {

std::ostream& operator<<(std::ostream& out, ProblemKind kind) { return out << static_cast<int>(kind); }
std::ostream& operator<<(std::ostream& out, CellState state) { return out << static_cast<int>(state); }

namespace {

using bytecode::Index;

class ProfileTest : public testing::Test {
protected:
    std::optional<Problem> set(std::string_view key, std::string_view text, Scalar scalar = Scalar::Plain) { return set_value(profile_, key, scalar, text); }

    void expect_set(std::string_view key, std::string_view text, Scalar scalar = Scalar::Plain) {
        const auto problem = set(key, text, scalar);
        EXPECT_FALSE(problem) << key << " = " << text << ": expected " << problem->expected_english;
    }

    void expect_problem(ProblemKind kind, std::string_view key, std::string_view text, Scalar scalar = Scalar::Plain) {
        const auto problem = set(key, text, scalar);
        ASSERT_TRUE(problem) << key << " = " << text;
        EXPECT_EQ(problem->kind, kind) << key << " = " << text;
        EXPECT_EQ(problem->key, key);
        EXPECT_FALSE(problem->expected_english.empty()) << key << " = " << text;
        EXPECT_FALSE(problem->expected_chinese.empty()) << key << " = " << text;
    }

    Cell cell(std::string_view column, std::int32_t year = 0) const { return cell_in(profile_.row, profile_.subject, column, year); }

    Cell cell_in(const Row& row, Index subject, std::string_view column, std::int32_t year = 0) const {
        return cell_of(pack_, subject, row, number_of(subject, column), year);
    }

    Index number_of(Index subject, std::string_view column) const {
        const auto& columns = pack_.subjects[subject].columns;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (pack_.string(columns[i].name) == column) return static_cast<Index>(i);
        }
        ADD_FAILURE() << "no column " << column;
        return 0;
    }

    const List& list(std::string_view column) const { return profile_.row.list(number_of(profile_.subject, column)); }

    void expect_cell(const Cell& cell, CellState state, std::int64_t low, std::int64_t high) const {
        EXPECT_EQ(cell.state, state);
        EXPECT_EQ(cell.low, low);
        EXPECT_EQ(cell.high, high);
    }
    void expect_known(std::string_view column, std::int64_t value, std::int32_t year = 0) const { expect_cell(cell(column, year), CellState::Known, value, value); }

    const bytecode::Pack pack_ = tests::SmallPack::make();
    Profile profile_ = empty_profile(pack_, tests::SmallPack::company);
};

TEST_F(ProfileTest, AnEmptyProfileHoldsDefaultsAndNothingElse) {
    expect_cell(cell("employees"), CellState::Absent, 0, 0);
    expect_cell(cell("months_2022"), CellState::Assumed, 12, 12);
    expect_cell(cell("special_income", 2015), CellState::Assumed, 0, 0);
    expect_cell(cell("revenue", 2015), CellState::Absent, 0, 0);
    EXPECT_EQ(list("claims").state, CellState::Absent);
    EXPECT_FALSE(profile_.fiscal_year);
}

TEST_F(ProfileTest, NumbersBecomeWholeUnits) {
    expect_set("employees", "120");
    expect_known("employees", 120'000'000);
    expect_set("employees", "0.000001");
    expect_known("employees", 1);
    expect_set("employees", "1.2e2", Scalar::Number);
    expect_known("employees", 120'000'000);
    expect_set("class1_ip", "3");
    expect_known("class1_ip", 3);
    expect_set("class1_ip", "3.0");
    expect_known("class1_ip", 3);
    expect_set("employees", "5000000");
    expect_known("employees", 5'000'000'000'000);
}

TEST_F(ProfileTest, MoneyIsExactToTheFen) {
    expect_set("net_assets", "-9999999999999.99");
    expect_known("net_assets", -999'999'999'999'999);
    expect_set("revenue.2015", "0.1");
    expect_known("revenue", 10, 2015);
    expect_set("revenue.2016", "10000000000000");
    expect_known("revenue", 1'000'000'000'000'000, 2016);
    expect_known("revenue", 10, 2015);
}

TEST_F(ProfileTest, CellsAreReadAsOfficesWriteThem) {
    const auto day = value::day_from_civil(2018, 6, 1);
    for (const char* text : {"2018/6/1", "2018/06/01", "2018-6-1", "2018.6.1", "2018年6月1日", "2018年06月01日", "20180601", "２０１８／６／１", "2018-06-01 00:00:00", "2018-06-01T00:00", "\u3000 2018/6/1\u00A0"}) {
        expect_set("registered_on", text);
        expect_known("registered_on", day);
    }
    for (const char* text : {"1/6/2018", "6/1/2018", "2018/6", "2018年6月", "2018-6/1", "2018061", "201861", "2018/13/1", "2018/2/30", "18/6/1", "2018-06-01 08:00:00", "2018-06-01x", "43252"})
        expect_problem(ProblemKind::WrongType, "registered_on", text);
    // A text in quotes is the host program's, which has a spelling for dates.
    expect_problem(ProblemKind::WrongType, "registered_on", "2018/6/1", Scalar::Text);

    for (const char* text : {"1,234,567.80", "￥1,234,567.80", "¥ 1234567.8", "1234567.80元", "１，２３４，５６７．８０", "1,234,567.8 元", "\u3000" "1234567.8"}) {
        expect_set("net_assets", text);
        expect_known("net_assets", 123'456'780);
    }
    for (const char* text : {"-1,000", "-￥1,000", "￥-1,000.00", "－１０００"}) {
        expect_set("net_assets", text);
        expect_known("net_assets", -100'000);
    }
    for (const char* text : {"1,00", "12,34,567", "1,2345", ",100", "1,", "(1,000)", "1.000,00", "$1", "1,000万", "￥", "元", "1 000", "--1", "1,,000"})
        expect_problem(ProblemKind::WrongType, "net_assets", text);
    expect_problem(ProblemKind::TooManyDecimals, "net_assets", "1,000.005");
    expect_problem(ProblemKind::WrongType, "employees", "￥120");
    expect_set("employees", "1,000 .. 2,000");
    expect_cell(cell("employees"), CellState::Range, 1'000'000'000, 2'000'000'000);

    for (const char* text : {"是", "真", "yes", "Y", "YES", "1", "TRUE", "\u3000是 "}) {
        expect_set("resident", text);
        expect_known("resident", 1);
    }
    for (const char* text : {"否", "假", "no", "N", "0", "False"}) {
        expect_set("resident", text);
        expect_known("resident", 0);
    }
    for (const char* text : {"是的", "2", "01", "-1", "√", "t", "on", "1.0"}) expect_problem(ProblemKind::WrongType, "resident", text);
}

TEST_F(ProfileTest, BlanksAtTheEndsOfTextsAreNone) {
    expect_set("city", "\u3000 上海\u00A0\t", Scalar::Text);
    const Cell bare = cell("city");
    expect_set("city", "上海", Scalar::Plain);
    EXPECT_EQ(bare.low, cell("city").low);
    expect_set("city", "上 海", Scalar::Plain);
    EXPECT_NE(bare.low, cell("city").low);
}

TEST_F(ProfileTest, PercentagesAreFractionsOrCarryTheirSign) {
    for (const char* text : {"0.15", "15%", "15 %", "15.00%"}) {
        expect_set("share", text);
        expect_known("share", 150'000);
    }
    expect_set("share", "5% .. 15%");
    expect_cell(cell("share"), CellState::Range, 50'000, 150'000);
    expect_problem(ProblemKind::WrongType, "employees", "15%");
    expect_problem(ProblemKind::OutOfRange, "share", "15");
    expect_problem(ProblemKind::TooManyDecimals, "share", "0.00001%");
}

TEST_F(ProfileTest, OtherTypesByTheirText) {
    expect_set("registered_on", "2015-03-01");
    expect_known("registered_on", value::day_from_civil(2015, 3, 1));
    for (const char* text : {"ict", "电子信息", "Information technology"}) {
        expect_set("tech_field", "none");
        expect_known("tech_field", 0);
        expect_set("tech_field", text);
        expect_known("tech_field", 1);
    }
    expect_set("industry", "C39");
    expect_known("industry", *value::parse_code(value::Classification::Gbt4754, "C39"));
    expect_set("resident", "true");
    expect_known("resident", 1);
    expect_set("resident", "FALSE");
    expect_known("resident", 0);
    expect_set("months_2022", "7");
    expect_known("months_2022", 7);
}

TEST_F(ProfileTest, TextsAreThePacksWhereItComparesThemElseTheProfiles) {
    expect_set("city", "上海");
    expect_known("city", 0);
    expect_set("city", "北京");
    expect_known("city", 1);
    expect_set("address.district", "北京");
    expect_known("address.district", 1);
    expect_set("city", "");
    expect_known("city", 2);
    EXPECT_EQ(profile_.texts, (std::vector<std::string>{"北京", ""}));
}

TEST_F(ProfileTest, RangesOpenAndClosed) {
    const auto range = [&](std::string_view text, std::int64_t low, std::int64_t high) {
        expect_set("class1_ip", text);
        expect_cell(cell("class1_ip"), CellState::Range, low, high);
    };
    range("8 .. 12", 8, 12);
    range("8..12", 8, 12);
    range("8 <.. 12", 9, 12);
    range("8 ..< 12", 8, 11);
    range("8 <..< 12", 9, 11);
    range("8<..<12", 9, 11);
    range("3 ..", 3, 100'000);
    range("3 <..", 4, 100'000);
    range(".. 500", 0, 500);
    range("..< 500", 0, 499);
    expect_set("class1_ip", "8 <..< 10");
    expect_known("class1_ip", 9);
    expect_set("class1_ip", "8 .. 8");
    expect_known("class1_ip", 8);
    expect_set("registered_on", "2015-01-01 ..< 2016-01-01");
    expect_cell(cell("registered_on"), CellState::Range, value::day_from_civil(2015, 1, 1), value::day_from_civil(2015, 12, 31));
    expect_set("revenue.2015", "0.00 <..< 0.03");
    expect_cell(cell("revenue", 2015), CellState::Range, 1, 2);
    expect_set("months_2022", "3 ..");
    expect_cell(cell("months_2022"), CellState::Range, 3, 12);
}

TEST_F(ProfileTest, BadRanges) {
    for (const char* text : {"..", " .. ", "<..", "..<", "<.. 5", "5 ..<", "1 .. 2 .. 3", "1...5", "a .. b", "1 .. b", "1 < 2", "1 - 2"}) {
        expect_problem(ProblemKind::WrongType, "class1_ip", text);
    }
    expect_problem(ProblemKind::EmptyRange, "class1_ip", "12 .. 8");
    expect_problem(ProblemKind::EmptyRange, "class1_ip", "8 <..< 9");
    expect_problem(ProblemKind::OutOfRange, "class1_ip", "-1 .. 5");
    expect_problem(ProblemKind::OutOfRange, "class1_ip", "5 .. 100001");
    expect_problem(ProblemKind::OutOfRange, "class1_ip", "100001 ..");
    expect_problem(ProblemKind::OutOfRange, "class1_ip", "100000 <..");
    expect_problem(ProblemKind::TooManyDecimals, "class1_ip", "0.5 .. 3");
    expect_problem(ProblemKind::WrongType, "resident", "true .. false");
    expect_problem(ProblemKind::WrongType, "tech_field", "none .. ict");
    expect_cell(cell("class1_ip"), CellState::Absent, 0, 0);
}

TEST_F(ProfileTest, BadValuesAreRefusedAndLeaveTheFactAlone) {
    expect_set("employees", "7");
    for (const char* text : {"", " ", "many", "1,00", "12 人", "1_000", "零", "0x10", "--1", "+1", "1e", "NaN", "inf", "true", "5000000元"}) {
        expect_problem(ProblemKind::WrongType, "employees", text);
    }
    expect_problem(ProblemKind::OutOfRange, "employees", "-3");
    expect_problem(ProblemKind::OutOfRange, "employees", "5000000.000001");
    expect_problem(ProblemKind::TooManyDecimals, "employees", "0.0000001");
    for (const char* text : {"99999999999999999999", "1e30"}) expect_problem(ProblemKind::OutOfRange, "employees", text);
    expect_known("employees", 7'000'000);
    expect_problem(ProblemKind::TooManyDecimals, "net_assets", "0.005");
    expect_problem(ProblemKind::WrongType, "net_assets", "500万元");
    expect_problem(ProblemKind::TooManyDecimals, "class1_ip", "2.5");
    for (const char* text : {"2015-02-29", "2015/2/29", "20150229", "2015/02/1日", "1899-12-31", "2200-01-01", "2015"}) {
        expect_problem(ProblemKind::WrongType, "registered_on", text);
    }
    expect_problem(ProblemKind::WrongType, "tech_field", "biology");
    expect_problem(ProblemKind::WrongType, "tech_field", "");
    expect_problem(ProblemKind::WrongType, "tech_field", "1");
    for (const char* text : {"C99", "c39", "Z", "39", ""}) expect_problem(ProblemKind::WrongType, "industry", text);
    for (const char* text : {"yes!", "10", "是否", ""}) expect_problem(ProblemKind::WrongType, "resident", text);
}

TEST_F(ProfileTest, HowAValueIsWrittenMustFitItsType) {
    expect_problem(ProblemKind::WrongType, "resident", "true", Scalar::Text);
    expect_problem(ProblemKind::WrongType, "resident", "1", Scalar::Number);
    expect_problem(ProblemKind::WrongType, "employees", "true", Scalar::Bool);
    expect_problem(ProblemKind::WrongType, "city", "12", Scalar::Number);
    expect_problem(ProblemKind::WrongType, "city", "true", Scalar::Bool);
    expect_set("resident", "true", Scalar::Bool);
    expect_set("employees", "12", Scalar::Text);
    expect_set("city", "12", Scalar::Text);
}

TEST_F(ProfileTest, ExpectationsArePlainWords) {
    const auto expected = [&](std::string_view key, std::string_view text) { return set(key, text)->expected_english; };
    EXPECT_EQ(expected("employees", "-3"), "a number from 0 to 5000000");
    EXPECT_EQ(expected("employees", "0.0000001"), "a number with at most 6 decimals");
    EXPECT_EQ(expected("class1_ip", "x"), "a whole number from 0 to 100000");
    EXPECT_EQ(expected("class1_ip", "1.5"), "a whole number");
    EXPECT_EQ(expected("revenue.2015", "0.001"), "an amount of money in yuan with at most 2 decimals");
    EXPECT_EQ(expected("revenue.2015", "-1"), "an amount of money in yuan from 0 to 10000000000000");
    EXPECT_EQ(expected("share", "2"), "a percentage from 0% to 100%, written like 15% or 0.15");
    EXPECT_EQ(expected("registered_on", "yesterday"), "a date from 1900-01-01 to 2199-12-31, written like 2018-06-01");
    EXPECT_EQ(expected("tech_field", "x"), "one of none, ict");
    EXPECT_EQ(expected("industry", "x"), "a code of gbt4754, written like C39");
    EXPECT_EQ(expected("resident", "x"), "true or false");
    EXPECT_EQ(set("employees", "-3")->expected_chinese, "0至5000000之间的数");
    EXPECT_EQ(set("tech_field", "x")->expected_chinese, "以下之一：none（无）、ict（电子信息）");
    EXPECT_EQ(set("employees", "-3")->found, "-3");
}

TEST_F(ProfileTest, AVeryLongValueIsRepeatedInPart) {
    const std::string long_text(10'000, 'x');
    EXPECT_LT(set("employees", long_text)->found.size(), 100U);
    std::string han;
    for (int i = 0; i < 100; ++i) han += "字";
    const std::string found = set("employees", "a" + han)->found;
    EXPECT_EQ(found.size() % 3, 1U) << "cut inside a character";
}

TEST_F(ProfileTest, KeysThatLeadNowhere) {
    for (const char* key : {"", ".", "employes", "employees.", ".employees", "claims[", "claims[x].paid_in", "claims[-1].paid_in", "claims[].paid_in",
                            "claims[0].nothing", "claims[0]paid_in", "claims[9999999999].paid_in", "address.nothing", "nothing.2015"}) {
        const auto problem = set(key, "1");
        ASSERT_TRUE(problem) << key;
        EXPECT_TRUE(problem->kind == ProblemKind::UnknownKey || problem->kind == ProblemKind::BadPlace) << key;
    }
    expect_problem(ProblemKind::UnknownKey, "employes", "1");
    expect_problem(ProblemKind::BadPlace, "revenue", "1");
    expect_problem(ProblemKind::BadPlace, "employees.2015", "1");
    expect_problem(ProblemKind::BadPlace, "revenue.2015.2016", "1");
    expect_problem(ProblemKind::BadPlace, "employees[0]", "1");
    expect_problem(ProblemKind::BadPlace, "revenue[0].2015", "1");
    expect_problem(ProblemKind::BadPlace, "claims[0]", "1");
    expect_problem(ProblemKind::BadPlace, "claims.paid_in", "1");
    for (const char* key : {"revenue.15", "revenue.20x5", "revenue.1899", "revenue.2200", "revenue.02015", "revenue.-1"}) {
        expect_problem(ProblemKind::BadYear, key, "1");
    }
    expect_problem(ProblemKind::WrongType, "claims", "1");
    expect_problem(ProblemKind::WrongType, "address", "1");
    EXPECT_EQ(list("claims").state, CellState::Absent) << "a key that leads nowhere left elements behind";
}

TEST_F(ProfileTest, ElementsAreMadeAsTheyAreNamed) {
    expect_set("claims[1].paid_in", "5.5");
    EXPECT_EQ(list("claims").state, CellState::Known);
    ASSERT_EQ(list("claims").rows.size(), 2U);
    expect_cell(cell_in(list("claims").rows[0], tests::SmallPack::claim, "paid_in"), CellState::Absent, 0, 0);
    expect_cell(cell_in(list("claims").rows[1], tests::SmallPack::claim, "paid_in"), CellState::Known, 550, 550);
    expect_problem(ProblemKind::TooManyElements, "claims[3].paid_in", "1");
    EXPECT_EQ(list("claims").rows.size(), 2U);
    EXPECT_FALSE(set_list(profile_, "claims", 1));
    EXPECT_EQ(list("claims").rows.size(), 1U);
    EXPECT_EQ(set_list(profile_, "claims", 4)->kind, ProblemKind::TooManyElements);
    EXPECT_FALSE(set_list(profile_, "claims", 0));
    EXPECT_EQ(list("claims").state, CellState::Known);
    EXPECT_EQ(set_list(profile_, "employees", 1)->kind, ProblemKind::WrongType);
}

TEST_F(ProfileTest, RecordsAreReachedByTheirNames) {
    expect_set("address.district", "x");
    expect_set("address.rent.2015", "2");
    expect_known("address.rent", 200, 2015);
    EXPECT_FALSE(set_unknown(profile_, "address"));
    EXPECT_EQ(cell("address.district").state, CellState::Unknown);
    EXPECT_EQ(cell("address.rent", 2015).state, CellState::Unknown);
    EXPECT_FALSE(forget(profile_, "address"));
    EXPECT_EQ(cell("address.rent", 2015).state, CellState::Absent);
}

TEST_F(ProfileTest, UnknownReplacesDefaultsAndForgettingBringsThemBack) {
    EXPECT_FALSE(set_unknown(profile_, "months_2022"));
    EXPECT_EQ(cell("months_2022").state, CellState::Unknown);
    EXPECT_FALSE(forget(profile_, "months_2022"));
    expect_cell(cell("months_2022"), CellState::Assumed, 12, 12);
    EXPECT_FALSE(set_unknown(profile_, "special_income.2015"));
    EXPECT_EQ(cell("special_income", 2015).state, CellState::Unknown);
    EXPECT_EQ(cell("special_income", 2016).state, CellState::Assumed);
    EXPECT_FALSE(set_unknown(profile_, "special_income"));
    EXPECT_EQ(cell("special_income", 2016).state, CellState::Unknown);
    expect_set("special_income.2016", "3");
    expect_known("special_income", 300, 2016);
    EXPECT_EQ(cell("special_income", 2017).state, CellState::Unknown);
    EXPECT_FALSE(forget(profile_, "special_income"));
    EXPECT_EQ(cell("special_income", 2016).state, CellState::Assumed);
    EXPECT_FALSE(set_unknown(profile_, "claims"));
    EXPECT_EQ(list("claims").state, CellState::Unknown);
    expect_set("claims[0].exited", "true");
    EXPECT_FALSE(forget(profile_, "claims[0].exited"));
    EXPECT_EQ(cell_in(list("claims").rows[0], tests::SmallPack::claim, "exited").state, CellState::Absent);
    EXPECT_FALSE(forget(profile_, "claims[2].exited"));
    EXPECT_EQ(list("claims").rows.size(), 1U);
    EXPECT_FALSE(forget(profile_, "claims"));
    EXPECT_EQ(list("claims").state, CellState::Absent);
    EXPECT_EQ(set_unknown(profile_, "nothing")->kind, ProblemKind::UnknownKey);
    EXPECT_EQ(forget(profile_, "nothing")->kind, ProblemKind::UnknownKey);
}

TEST_F(ProfileTest, KeysOfEverySubject) {
    expect_set("fiscal_year", "2017");
    EXPECT_EQ(profile_.fiscal_year, 2017);
    for (const char* text : {"17", "2017.0", "1899", "", "this"}) expect_problem(ProblemKind::BadYear, "fiscal_year", text);
    EXPECT_EQ(profile_.fiscal_year, 2017);
    EXPECT_FALSE(forget(profile_, "fiscal_year"));
    EXPECT_FALSE(profile_.fiscal_year);
    expect_set("company_id", "9131…");
    EXPECT_EQ(profile_.company_id, "9131…");
}

TEST_F(ProfileTest, ContradictionsNameBothFacts) {
    expect_set("employees", "100");
    expect_set("rd_staff", "100");
    EXPECT_TRUE(contradictions(profile_).empty());
    expect_set("rd_staff", "100.000001");
    const auto found = contradictions(profile_);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, ProblemKind::Contradiction);
    EXPECT_EQ(found[0].key, "rd_staff");
    EXPECT_EQ(found[0].other_key, "employees");
    EXPECT_EQ(found[0].found, "100.000001");
    EXPECT_EQ(found[0].expected_english, "at most employees (100)");
    EXPECT_EQ(found[0].expected_chinese, "不大于employees（100）");
}

TEST_F(ProfileTest, RangesContradictOnlyWhenTheyLieApart) {
    expect_set("employees", "80 .. 100");
    expect_set("rd_staff", "100 .. 200");
    EXPECT_TRUE(contradictions(profile_).empty());
    expect_set("rd_staff", "101 .. 200");
    EXPECT_EQ(contradictions(profile_).size(), 1U);
    EXPECT_FALSE(set_unknown(profile_, "employees"));
    EXPECT_TRUE(contradictions(profile_).empty());
}

TEST_F(ProfileTest, ContradictionsAreLookedForYearByYearAndInElements) {
    expect_set("rd_expense.2015", "10");
    expect_set("rd_expense.2016", "1");
    expect_set("rd_expense_domestic.2016", "5");
    expect_set("rd_expense_domestic.2017", "99");
    expect_set("claims[1].paid_in", "1");
    expect_set("claims[1].recovered", "1.01");
    const auto found = contradictions(profile_);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].key, "rd_expense_domestic.2016");
    EXPECT_EQ(found[0].other_key, "rd_expense.2016");
    EXPECT_EQ(found[1].key, "claims[1].recovered");
    EXPECT_EQ(found[1].expected_english, "at most claims[1].paid_in (1.00)");
}

}  // namespace
}  // namespace eligo::vm
