// Units at the head of columns and in maps: none is passed over.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/unit.hpp"

namespace {

namespace io = eligo::io;
namespace bytecode = eligo::bytecode;

TEST(Units, StandApartFromNames) {
    const auto split = [](const std::string& name) {
        const auto found = io::split_unit(name);
        return found ? found->name + "|" + std::string(found->unit->name) : std::string("none");
    };
    for (const auto& [name, wanted] : std::vector<std::pair<std::string, std::string>>{
             {"营业收入(万元)", "营业收入|万元"},
             {"营业收入(万元)2017", "营业收入2017|万元"},
             {"2017年营业收入(万元)", "2017年营业收入|万元"},
             {"营业收入(2017年,万元)", "营业收入(2017年)|万元"},
             {"营业收入(万元,2017年)", "营业收入(2017年)|万元"},
             {"营业收入(单位:万元)", "营业收入|万元"},
             {"营业收入(单位:人民币万元)", "营业收入|万元"},
             {"营业收入(万元人民币)", "营业收入|万元"},
             {"营业收入/万元", "营业收入|万元"},
             {"营业收入:亿元", "营业收入|亿元"},
             {"营业收入_千元", "营业收入|千元"},
             {"营业收入万元", "营业收入|万元"},
             {"营业收入万美元", "none"},
             {"营业收入(万美元)", "营业收入|万美元"},
             {"占比(%)", "占比|%"},
             {"职工(人)", "职工|人"},
             {"revenue(inmillions)", "revenue|millions"},
             {"revenue(rmb'000)", "revenue|rmb'000"},
             {"revenue(2017)(millionyuan)", "revenue(2017)|millionyuan"},
             {"营业收入", "none"},
             {"营业收入(不含税)", "none"},
             {"万元", "none"},
             {"(万元)", "|万元"},
             {"销售元", "none"},
             {"本年", "none"},
         }) {
        EXPECT_EQ(split(name), wanted) << name;
    }
    for (const char* const unit : {"元", "千元", "万元", "百万元", "亿元", "%", "‰", "人", "万人", "个月", "年", "天", "millionyuan"}) EXPECT_NE(io::find_unit(unit), nullptr) << unit;
    for (const char* const unit : {"", "斤", "万元)", "万", "x"}) EXPECT_EQ(io::find_unit(unit) != nullptr, std::string(unit) == "万") << unit;
}

TEST(Units, AreConvertedExactly) {
    bytecode::Fact money, share, months;
    money.kind = bytecode::Kind::Money;
    share.kind = bytecode::Kind::Number;
    share.percent = true;
    months.kind = bytecode::Kind::Months;
    const auto in = [](const char* text, const char* unit, const bytecode::Fact& fact) { return io::in_own_unit(text, *io::find_unit(unit), fact).value_or("none"); };
    EXPECT_EQ(in("1,200.5", "万元", money), "12005000");
    EXPECT_EQ(in("￥0.0001", "万元", money), "1");
    EXPECT_EQ(in("-3", "亿元", money), "-300000000");
    EXPECT_EQ(in("８０ .. 120", "万元", money), "800000 .. 1200000");
    EXPECT_EQ(in("3 <..", "千元", money), "3000 <.. ");
    EXPECT_EQ(in(".. 5", "千元", money), " .. 5000");
    EXPECT_EQ(in("15", "%", share), "0.15");
    EXPECT_EQ(in("15%", "%", share), "15%");
    EXPECT_EQ(in("1.5", "‰", share), "0.0015");
    EXPECT_EQ(in("1.5", "年", months), "18");
    for (const char* const text : {"", "x", "100元", "12万元", "1,00", "15%"}) EXPECT_EQ(in(text, "万元", money), "none") << text;
    EXPECT_EQ(in("99999999999999999999999999999999999999", "亿元", money), "none");
}

}  // namespace
