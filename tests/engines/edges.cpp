#include "edges.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <utility>
#include <vector>

namespace eligo::oracle {
namespace {

using boost::multiprecision::cpp_int;

enum class Shape : std::uint8_t { Int, Number, Percent, Money, Months, Days, Date };

std::uint32_t below(std::mt19937& random, std::uint32_t count) { return static_cast<std::uint32_t>(random() % count); }

cpp_int power(std::mt19937& random, bool of_ten, int most_bits) {
    const auto exponents = static_cast<std::uint32_t>(of_ten ? most_bits * 30103 / 100000 + 1 : most_bits + 1);
    return boost::multiprecision::pow(cpp_int(of_ten ? 10 : 2), below(random, exponents));
}

std::string with_decimals(const cpp_int& digits, int decimals) {
    std::string text = digits.str();
    if (decimals == 0) return text;
    const auto places = static_cast<std::size_t>(decimals);
    if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
    text.insert(text.size() - places, 1, '.');
    return text;
}

struct Fact {
    std::string name;
    Shape shape = Shape::Int;
    bool yearly = false, listed = false;  // listed: of an element
};

class EdgeWriter {
public:
    explicit EdgeWriter(std::uint32_t seed) : random_(seed) {}

    std::string pack() {
        for (std::uint32_t i = below(3); i > 0; --i) make_parameter();
        line("", "record part \"部分\" | \"Part\" {");
        for (std::uint32_t i = 1 + below(2); i > 0; --i) make_fact("e", true);
        line("", "}");
        line("", "vocabulary firm \"企业\" | \"Firm\" {");
        for (std::uint32_t i = 2 + below(3); i > 0; --i) make_fact("f", false);
        has_list_ = chance(25);
        if (has_list_) line("  ", "l : list of part" + (chance(10) ? " up to " + magnitude(edge(0)) : word({"", " up to 1", " up to 3", " up to 10000"})) + label("l"));
        line("", "}");
        line("", "policy p for firm" + label("p") + " {");
        line("  ", "source s \"文件\"");
        line("  ", "in force 2000-01-01 ..");
        if (chance(30)) make_table();
        for (std::uint32_t i = 1 + below(2); i > 0; --i) line("  ", "let " + fresh("v") + " = " + value(any_shape(), 2) + label("v"));
        make_clauses();
        for (std::uint32_t i = below(3); i > 0; --i) make_benefit();
        line("", "}");
        return text_;
    }

private:
    std::uint32_t below(std::uint32_t count) { return oracle::below(random_, count); }
    bool chance(std::uint32_t percent) { return below(100) < percent; }
    std::string word(const std::vector<std::string>& words) { return words[below(static_cast<std::uint32_t>(words.size()))]; }
    std::string fresh(const std::string& stem) { return stem + std::to_string(++counter_); }
    static std::string label(const std::string& name) { return " \"" + name + "\" | \"" + name + "\""; }
    void line(const std::string& indent, const std::string& text) { text_ += indent + text + "\n"; }

    // ---- numbers

    // A number at an edge; now and then a plain one, beside which edges are seen.
    std::string edge(int most_decimals, std::uint32_t percent = 70) {
        if (!chance(percent)) return word({"0", "1", "2", "3", "10", "100", "-1", "7"});
        return edge_number(random_, chance(70) ? 63 : 127, most_decimals);
    }

    std::string constant(Shape shape) {
        switch (shape) {
            case Shape::Int: return edge(0);
            case Shape::Number: return edge(chance(80) ? 6 : 20);
            case Shape::Percent: return edge(chance(80) ? 4 : 18) + word({"%", "%", "‰"});
            case Shape::Money: return edge(chance(90) ? 2 : 20) + word({"元", "元", "元", "万元", "亿元", "万亿元"});
            case Shape::Months: return length() + word({" months", " months", " years"});
            case Shape::Days: return length() + " days";
            case Shape::Date: return word({"1900-01-01", "1900-01-02", "1970-01-01", "2000-02-29", "2010-12-31", "2199-12-30", "2199-12-31"});
        }
        return {};
    }

    // Of a duration: mostly one by which a date can be moved.
    std::string length() { return chance(85) ? edge_number(random_, 9, 0) : edge(0); }

    // A number of steps that 64 bits count, in all but a few.
    std::string countable(Shape shape) {
        int decimals = shape == Shape::Money ? 2 : shape == Shape::Number ? 6 : shape == Shape::Percent ? 4 : 0;
        int bits = shape == Shape::Money ? 56 : shape == Shape::Number ? 43 : shape == Shape::Percent ? 49 : 62;
        if (chance(3)) decimals = 20;
        if (chance(3)) bits += 64;
        else if (chance(10)) bits += 1;
        std::string number = magnitude(edge_number(random_, bits, decimals));
        // What is a duration has no decimals, whatever it is.
        return (shape == Shape::Months || shape == Shape::Days) && chance(95) ? number.substr(0, number.find('.')) : number;
    }
    static std::string unit_of(Shape shape) { return shape == Shape::Money ? "元" : shape == Shape::Percent ? "%" : shape == Shape::Months ? " months" : shape == Shape::Days ? " days" : ""; }

    // One that is above zero, for divisors and steps.
    std::string positive(Shape shape) {
        std::string text = constant(shape);
        if (text.front() == '-') text.erase(0, 1);
        return text.find_first_of("123456789") == std::string::npos ? plain_one(shape) : text;
    }
    static std::string plain_one(Shape shape) { return shape == Shape::Money ? "1元" : shape == Shape::Months ? "1 months" : shape == Shape::Days ? "1 days" : "1"; }

    Shape any_shape() {
        static const std::vector<Shape> shapes = {Shape::Int, Shape::Int, Shape::Number, Shape::Number, Shape::Number, Shape::Money, Shape::Money, Shape::Money, Shape::Months, Shape::Days, Shape::Date};
        return shapes[below(static_cast<std::uint32_t>(shapes.size()))];
    }
    static bool is_number(Shape shape) { return shape == Shape::Int || shape == Shape::Number || shape == Shape::Percent; }
    static std::string type_of(Shape shape) {
        static const char* const words[] = {"int", "number", "percent", "money", "months", "days", "date"};
        return words[static_cast<std::size_t>(shape)];
    }

    // ---- facts and parameters

    void make_fact(const std::string& stem, bool listed) {
        Fact fact{fresh(stem), any_shape(), !listed && chance(15), listed};
        if (fact.shape == Shape::Number && chance(60)) fact.shape = Shape::Percent;
        std::string text = fact.name + " : " + (fact.yearly ? "yearly " : "") + type_of(fact.shape);
        if (chance(75)) text += range(fact.shape);
        else if (chance(10)) text += " default " + constant(fact.shape);
        line("  ", text + label(fact.name));
        facts_.push_back(fact);
    }

    // Mostly one that a fact can have, and a default that is one of its ends.
    std::string range(Shape shape) {
        if (shape == Shape::Percent && chance(50)) return " in 0% .. 100%";
        if (shape == Shape::Date) return " in " + word({"1900-01-01 .. 2199-12-31", "2000-01-01 .. 2020-12-31", "1900-01-01 <.. 1900-01-03", "2199-12-30 .."});
        const std::string end = countable(shape), unit = unit_of(shape), high = end + unit;
        const std::string low = word({"0", "0", "1", "-" + end, "-" + countable(shape)}) + unit, sign = word({" .. ", " .. ", " .. ", " <.. ", " ..< ", " <..< "});
        return " in " + low + sign + high + (chance(15) ? " default " + (chance(10) ? constant(shape) : sign == " .. " ? word({low, high}) : sign == " <.. " ? high : sign == " ..< " ? low : countable(shape) + unit) : "");
    }
    static std::string magnitude(const std::string& number) { return number.front() == '-' ? number.substr(1) : number; }

    void make_parameter() {
        const Shape shape = any_shape();
        const std::string name = fresh("p");
        line("", "parameter " + name + " : " + type_of(shape) + label(name) + " {");
        int year = 1990;
        for (std::uint32_t i = 1 + below(3); i > 0; --i, year += 12) line("  ", std::to_string(year) + "-01-01 ..  " + (shape != Shape::Date && chance(80) ? countable(shape) + unit_of(shape) : constant(shape)) + " @ \"文\"");
        line("", "}");
        parameters_.emplace_back(name, shape);
    }

    std::string year() { return chance(10) ? word({"101", "-101", edge(0)}) : word({"0", "-1", "-2", "100", "-100", "99"}); }

    std::string leaf(Shape shape) {
        std::vector<std::string> names;
        for (const Fact& fact : facts_)
            if (!fact.listed && (fact.shape == shape || (shape == Shape::Number && is_number(fact.shape)))) names.push_back(fact.yearly ? fact.name + "[" + (chance(60) ? "-1" : year()) + "]" : fact.name);
        for (const auto& [name, of] : parameters_)
            if ((of == shape || (shape == Shape::Number && is_number(of))) && chance(50)) names.push_back(name);
        return names.empty() || chance(25) ? constant(shape) : word(names);
    }

    // ---- expressions

    std::string value(Shape shape, int depth) {
        if (depth <= 0) return leaf(shape);
        if (shape == Shape::Date) return chance(50) ? leaf(shape) : "(" + word({leaf(shape), "as_of", "year_end[" + year() + "]"}) + word({" + ", " - "}) + constant(chance(50) ? Shape::Days : Shape::Months) + ")";
        if (shape == Shape::Months && chance(40)) return "(months from (" + value(Shape::Date, depth - 1) + ") to (" + value(Shape::Date, depth - 1) + "))";
        if (shape == Shape::Days && chance(40)) return "(days from (" + value(Shape::Date, depth - 1) + ") to (" + value(Shape::Date, depth - 1) + "))";
        const std::string a = value(shape, depth - 1);
        switch (below(14)) {
            case 0: case 1: return "(" + a + word({" + ", " - "}) + value(shape, depth - 1) + ")";
            case 2: case 3: case 4: return "(" + a + " * " + factor(shape, depth - 1) + ")";
            case 5: return divided(shape, a, depth);
            case 6: case 7: return rounded(shape, a);
            case 8: return word({"min(", "max("}) + a + ", " + value(shape, depth - 1) + ")";
            case 9: return "clamp(" + a + ", " + word({"", constant(shape)}) + " .. " + word({"", constant(shape)}) + ")";
            case 10: return "(if " + condition(depth - 1) + " then " + a + " else " + value(shape, depth - 1) + ")";
            case 11: return word({"abs(", "(-"}) + a + ")";
            case 12: return aggregate(shape, a);
            default: return a;
        }
    }
    std::string factor(Shape shape, int depth) {
        if (shape == Shape::Int || shape == Shape::Months || shape == Shape::Days) return value(Shape::Int, depth);
        return chance(50) ? constant(chance(50) ? Shape::Percent : Shape::Number) : value(Shape::Number, depth);
    }
    std::string divided(Shape shape, const std::string& a, int depth) {
        if (shape != Shape::Number && shape != Shape::Money) return a;
        if (shape == Shape::Number && chance(40)) {
            const Shape like = word({"", "m"}).empty() ? Shape::Number : Shape::Money;
            return "(" + value(like, depth - 1) + " / max(" + leaf(like) + ", " + positive(like) + "))";
        }
        if (chance(20)) return "(" + a + " / " + leaf(Shape::Number) + " otherwise " + word({"unknown", constant(shape)}) + ")";
        return "(" + a + " / " + word({positive(Shape::Number), "max(" + leaf(Shape::Number) + ", " + positive(Shape::Number) + ")"}) + ")";
    }
    std::string rounded(Shape shape, const std::string& a) {
        const std::string way = word({"round(", "round_down(", "round_up(", "round_even("});
        if (shape == Shape::Int) return way + value(Shape::Number, 1) + ", " + word({"1", "1", positive(Shape::Int)}) + ")";
        if (shape == Shape::Money) return way + a + ", " + word({"0.01元", "1元", "0.5元", positive(Shape::Money)}) + ")";
        return shape == Shape::Number ? way + a + ", " + word({"0.01", "1", "0.000001", "1/3", positive(Shape::Number)}) + ")" : a;
    }
    std::string aggregate(Shape shape, const std::string& a) {
        for (const Fact& fact : facts_) {
            if (fact.shape != shape || shape == Shape::Date || !chance(70)) continue;
            if (fact.listed && has_list_) return "(" + word({"sum(", "sum(", "max(", "min("}) + "(x." + fact.name + word({"", " * " + factor(shape, 0)}) + ") for x in l) otherwise " + constant(shape) + ")";
            if (fact.yearly) return word({"sum(", "max(", "min("}) + fact.name + "[y" + (chance(10) ? " + " + magnitude(edge(0)) : word({"", " - 1", " + 1"})) + "] for y in " + word({"-2 .. 0", "-99 .. -98", "98 .. 99", year() + " .. 0"}) + ")";
        }
        return a;
    }

    std::string condition(int depth) {
        const Shape shape = any_shape();
        const std::string a = value(shape, depth);
        switch (below(6)) {
            case 0: return "((" + a + ") in " + word({"", constant(shape)}) + word({" .. ", " <.. ", " ..< "}) + constant(shape) + ")";
            case 1: return "((" + a + ")" + word({" in {", " not in {"}) + constant(shape) + ", " + constant(shape) + ", " + constant(shape) + "})";
            case 2: return "((" + a + ")" + word({" < ", " <= ", " > ", " >= ", " = ", " != "}) + "(" + value(shape, depth) + "))";
            default: return "((" + a + ")" + word({" < ", " <= ", " > ", " >= ", " = ", " != "}) + constant(shape) + ")";
        }
    }

    // ---- what stands in a policy

    void make_table() {
        Shape shape = any_shape();
        if (shape == Shape::Date) shape = Shape::Money;
        line("  ", "table t(a : " + type_of(shape) + ") : int {");
        line("    ", "a | t");
        const std::string at = positive(shape);
        const bool upper = chance(50);
        line("    ", (upper ? "..< " : ".. ") + at + " | 1");
        line("    ", at + (upper ? " .. | 2" : " <.. | 2"));
        line("  ", "}");
        line("  ", "let " + fresh("v") + " = t(" + value(shape, 2) + ")" + label("v"));
    }

    void make_clauses() {
        for (std::uint32_t i = 1 + below(3); i > 0; --i) line("  ", "require " + fresh("q") + " " + condition(2) + label("q") + " @ s 1");
        if (!chance(15)) return;
        line("  ", "at least " + (chance(10) ? magnitude(edge(0)) : word({"1", "2"})) + " of " + fresh("g") + label("g") + " @ s 2 {");
        for (std::uint32_t i = 2; i > 0; --i) line("    ", "require " + fresh("q") + " " + condition(1) + label("q"));
        line("  ", "}");
    }

    void make_benefit() {
        const Shape shape = any_shape();
        std::string text = value(shape, 2);
        if (shape == Shape::Money && chance(70)) text = word({"round(", "round_up("}) + text + ", 0.01元)";
        if (shape == Shape::Number && chance(60)) text = word({"round(", "round_down("}) + text + ", " + word({"0.0001", "0.000000000001", "0.000000000000000001"}) + ")";
        line("  ", "benefit " + fresh("g") + " : " + type_of(shape) + " = " + text + word({"", " always"}) + label("g") + " @ s 3");
    }

    std::mt19937 random_;
    std::uint32_t counter_ = 0;
    std::string text_;
    std::vector<Fact> facts_;
    std::vector<std::pair<std::string, Shape>> parameters_;
    bool has_list_ = false;
};

}  // namespace

std::string edge_number(std::mt19937& random, int most_bits, int most_decimals) {
    cpp_int digits = power(random, below(random, 2) == 0, most_bits);
    const std::uint32_t way = below(random, 8);
    if (way < 2) digits -= 1;
    else if (way < 4) digits += 1;
    int decimals = most_decimals == 0 || below(random, 3) == 0 ? 0 : static_cast<int>(below(random, static_cast<std::uint32_t>(most_decimals) + 1));
    // And a half.
    if (way >= 6 && decimals < most_decimals) {
        digits = digits * 10 + 5;
        ++decimals;
    }
    return (below(random, 4) == 0 ? "-" : "") + with_decimals(digits, decimals);
}

std::string edge_source(std::uint32_t seed) { return EdgeWriter(seed).pack(); }

}  // namespace eligo::oracle
