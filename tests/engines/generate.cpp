#include "generate.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "edges.hpp"

namespace eligo::oracle {
namespace {

enum class Shape : std::uint8_t { Bool, Int, Number, Money, Date, Months, Days, Enum, Code, Text };

bool is_number(Shape shape) { return shape == Shape::Int || shape == Shape::Number; }
bool is_counted(Shape shape) { return is_number(shape) || shape == Shape::Money || shape == Shape::Months || shape == Shape::Days; }

// A piece of source text and what is known of it: whether it may have no value, and roughly how many bits its
// numerator and its denominator take, so that what is too wide for 128 bits stays rare.
struct Part {
    std::string text;
    double bits = 4, below = 0;
    bool partial = false;
    [[nodiscard]] bool quotient() const { return below > 0; }
};

struct Name {
    Shape shape = Shape::Bool;
    std::string text;
    double bits = 4, below = 0;
    bool yearly = false, partial = false;
    std::size_t enumeration = 0;
};

// A let with arguments, or a table: text(arguments)suffix.
struct Function {
    std::string text, suffix;
    std::vector<Name> inputs;
    Shape result = Shape::Number;
    double bits = 30;
    bool partial = false;
    std::size_t record = 0;  // of the first argument, where it is one; 0: it is none
};

struct Of {  // a list or a record: by what text, of which subject
    std::string text;
    std::size_t subject = 0;
    double bits = 0;
};

struct Subject {
    std::string name;
    std::vector<Name> names;
    std::vector<Of> lists, records;
};

struct Policy {
    std::string name;
    std::size_t subject = 0;
    std::vector<Name> benefits;
};

// What an expression may read.
struct Scope {
    std::vector<Name> names;
    std::vector<std::string> years;
    std::vector<Of> lists, records;  // a record of no text is the subject itself
    std::vector<Function> functions;
    std::vector<std::string> clauses;
    bool rules = true;               // as_of, parameters, policies: not in defaults
    bool aggregates = true;
    int loops = 0;
};

class Generator {
public:
    explicit Generator(std::uint32_t seed) : random_(seed) {}

    std::string pack() {
        for (std::size_t i = 0; i < 2; ++i) make_enumeration();
        subjects_.push_back({});  // number 0 is none
        for (std::uint32_t i = 1 + below(2); i > 0; --i) make_subject("record");
        for (std::uint32_t i = below(4); i > 0; --i) make_parameter();
        const std::size_t records = subjects_.size();
        make_subject("vocabulary");
        if (chance(30)) make_table(globals_, "", {});
        for (std::size_t i = 1; i < records; ++i)
            if (chance(60)) make_policy(i);
        for (std::uint32_t i = 1 + below(2); i > 0; --i) make_policy(subjects_.size() - 1);
        return text_;
    }

private:
    // ---- chance

    std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>(random_() % count); }
    bool chance(std::uint32_t percent) { return below(100) < percent; }
    template <class T>
    const T& one_of(const std::vector<T>& all) { return all[below(static_cast<std::uint32_t>(all.size()))]; }
    std::string word(std::initializer_list<const char*> words) { return *(words.begin() + below(static_cast<std::uint32_t>(words.size()))); }
    std::string fresh(const std::string& stem) { return stem + std::to_string(++counter_); }
    static std::string label(const std::string& name) { return " \"" + name + "\" | \"" + name + "\""; }
    void line(const std::string& indent, const std::string& text) { text_ += indent + text + "\n"; }

    // ---- constants

    std::string day() {
        return std::to_string(2006 + below(20)) + word({"-01-01", "-12-31", "-02-28", "-03-01", "-06-15", "-01-31"});
    }
    // A number where machines end; few in one source, so that most of it compiles.
    Part edge(Shape shape) {
        const int decimals = shape == Shape::Money ? 2 : shape == Shape::Number ? (chance(80) ? 6 : 20) : 0;
        const std::string number = edge_number(random_, chance(70) ? 63 : 127, decimals);
        // As many bits as it takes beside a fact of its kind, in millionths or finer steps.
        const std::size_t point = number.find('.'), places = point == std::string::npos ? 0 : number.size() - point - 1;
        const double digits = static_cast<double>(number.size() - places) + std::max(static_cast<double>(places), shape == Shape::Number ? 6.0 : static_cast<double>(decimals));
        return {number + (shape == Shape::Money ? "元" : shape == Shape::Months ? " months" : shape == Shape::Days ? " days" : ""), digits * 3.33};
    }
    Part constant(Shape shape, std::size_t enumeration = 0) {
        if (is_counted(shape) && below(shape == Shape::Months || shape == Shape::Days ? 200 : 40) == 0) return edge(shape);
        switch (shape) {
            case Shape::Bool: return {word({"true", "false"}), 1};
            case Shape::Int: return {word({"0", "1", "2", "3", "7", "10", "50", "100", "-1", "-3"}), 7};
            case Shape::Number: return {word({"0", "1", "2", "0.5", "12.5%", "4%", "75%", "3‰", "10", "100", "-0.25", "1.2", "0.1", "0.2"}), 10};
            case Shape::Money: return {word({"0元", "1元", "0.01元", "100元", "1000元", "5万元", "0.37元", "-3元", "1234.5元"}), 24};
            case Shape::Date: return {day(), 18};
            case Shape::Months: return {word({"0 months", "1 months", "6 months", "12 months", "2 years", "3 years", "-1 months"}), 6};
            case Shape::Days: return {word({"0 days", "1 days", "30 days", "365 days", "-7 days"}), 9};
            case Shape::Enum: return {one_of(enumerations_[enumeration]), 2};
            case Shape::Code: return {code(), 16};
            case Shape::Text: return {word({"\"x\"", "\"y\"", "\"z\""}), 1};
        }
        return {};
    }
    std::string code() { return word({"A", "C", "C39", "C391", "C3911", "F", "F52", "I65", "K70", "M73"}); }
    static std::string type_word(Shape shape) {
        switch (shape) {
            case Shape::Bool: return "bool";
            case Shape::Int: return "int";
            case Shape::Number: return "number";
            case Shape::Money: return "money";
            case Shape::Date: return "date";
            case Shape::Months: return "months";
            case Shape::Days: return "days";
            case Shape::Code: return "code gbt4754";
            case Shape::Text: return "text";
            case Shape::Enum: break;
        }
        return "";
    }

    // ---- vocabularies and records

    void make_enumeration() {
        std::vector<std::string> members;
        for (std::uint32_t i = 2 + below(3); i > 0; --i) members.push_back(fresh("k"));
        enumerations_.push_back(std::move(members));
    }
    std::string enumeration_text(std::size_t number) const {
        std::string text;
        for (const auto& member : enumerations_[number]) text += (text.empty() ? "one of { " : ", ") + member + label(member);
        return text + " }";
    }

    void make_subject(const std::string& kind) {
        Subject subject;
        subject.name = fresh(kind == "record" ? "part" : "firm");
        const std::size_t number = subjects_.size();
        line("", kind + " " + subject.name + label(subject.name) + " {");
        const bool whole = kind == "vocabulary";
        for (std::uint32_t i = (whole ? 5 : 3) + below(whole ? 6 : 4); i > 0; --i) make_fact(subject);
        if (whole) {
            for (std::size_t record = 1; record < number; ++record) {
                if (chance(35)) make_record_fact(subject, record);
                if (chance(70)) make_list(subject, record);
            }
        } else if (number > 1 && chance(25)) {
            make_record_fact(subject, 1);
        }
        subjects_.push_back(subject);
        for (std::uint32_t i = below(3); i > 0; --i) {
            Scope scope;
            see(scope, "", number);
            scope.rules = chance(30);
            const Name let = make_let(scope, "  ");
            subjects_[number].names.push_back(let);
        }
        line("", "}");
    }

    void make_record_fact(Subject& subject, std::size_t record) {
        if (!subjects_[record].lists.empty() && subject.name.starts_with("part")) return;
        const std::string name = fresh("r");
        line("  ", name + " : " + subjects_[record].name + label(name));
        subject.records.push_back({name, record});
    }

    void make_list(Subject& subject, std::size_t record) {
        const std::string name = fresh("l");
        const std::uint32_t most = 1 + below(30);
        const bool limited = chance(80);
        line("  ", name + " : list of " + subjects_[record].name + (limited ? " up to " + std::to_string(most) : "") + label(name));
        subject.lists.push_back({name, record, limited ? std::log2(most + 1.0) : 14});
    }

    void make_fact(Subject& subject) {
        static const std::vector<Shape> shapes = {Shape::Bool, Shape::Bool, Shape::Int, Shape::Int, Shape::Number, Shape::Number, Shape::Money, Shape::Money,
                                                  Shape::Money, Shape::Date, Shape::Date, Shape::Months, Shape::Days, Shape::Enum, Shape::Code, Shape::Text};
        Name fact;
        fact.shape = one_of(shapes);
        fact.yearly = fact.shape != Shape::Text && chance(30);
        fact.text = fresh(std::string(1, "binmdoyect"[static_cast<std::size_t>(fact.shape)]));
        std::string text = fact.text + " : " + (fact.yearly ? "yearly " : "");
        if (fact.shape == Shape::Enum) {
            fact.enumeration = below(static_cast<std::uint32_t>(enumerations_.size()));
            text += enumeration_text(fact.enumeration);
        } else {
            text += fact.shape == Shape::Number && chance(30) ? "percent" : type_word(fact.shape);
        }
        const std::string range = make_range(subject, fact);
        if (!range.empty()) text += " in " + range;
        if (chance(20) && fact.shape != Shape::Text) text += make_default(subject, fact, range);
        if (chance(10)) text += word({" fixed", " rising"});
        line("  ", text + label(fact.text));
        subject.names.push_back(fact);
    }

    // Within what a fact lies; bounded by an earlier fact now and then.
    std::string make_range(const Subject& subject, Name& fact) {
        struct Choice {
            const char* text;
            double bits;
        };
        static const std::vector<Choice> ints = {{"0 .. 1", 1}, {"0 .. 10", 4}, {"0 .. 1_000", 10}, {"0 .. 5_000_000", 23}, {"-5 .. 5", 3}, {"1 .. 100", 7}, {"", 31}, {"0 <..< 8", 3}, {"3 ..", 31}};
        static const std::vector<Choice> numbers = {{"0 .. 1", 20}, {"-10 .. 10", 24}, {"0 .. 100", 27}, {"0.5 <.. 20", 25}, {"", 50}, {"1 .. 3", 22}, {"-0.5 .. 0.25", 20}};
        static const std::vector<Choice> moneys = {{"0元 .. 1亿元", 34}, {"-1000元 .. 1000元", 17}, {"0元 .. 10元", 10}, {"1元 .. 100万元", 27}, {"", 50}, {"0元 <.. 5万元", 23}, {".. 0元", 50}};
        static const std::vector<Choice> dates = {{"", 17}, {"2000-01-01 .. 2030-12-31", 15}, {".. 2020-06-15", 17}};
        static const std::vector<Choice> months = {{"0 months .. 240 months", 8}, {"-6 months .. 6 months", 3}, {"1 months .. 3 years", 6}};
        static const std::vector<Choice> days = {{"0 days .. 1000 days", 10}, {"-7 days .. 7 days", 3}, {"1 days .. 30 days", 5}};
        const std::vector<Choice>* choices = nullptr;
        switch (fact.shape) {
            case Shape::Int: choices = &ints; break;
            case Shape::Number: choices = &numbers; break;
            case Shape::Money: choices = &moneys; break;
            case Shape::Date: choices = &dates; break;
            case Shape::Months: choices = &months; break;
            case Shape::Days: choices = &days; break;
            default: return "";
        }
        // One as wide as a fact can be may lie beyond all that another, whose other end is that of its type, can be.
        const auto bound = std::find_if(subject.names.begin(), subject.names.end(), [&](const Name& other) { return other.shape == fact.shape && other.yearly == fact.yearly && other.bits < 64; });
        if (chance(25) && bound != subject.names.end()) {
            fact.bits = 51;
            return chance(70) ? ".. " + bound->text : bound->text + " ..";
        }
        // As wide as a fact can be.
        if (is_number(fact.shape) || fact.shape == Shape::Money) {
            if (below(25) == 0) {
                fact.bits = 64;
                if (fact.shape == Shape::Int) return word({"0 .. 9223372036854775807", "-9223372036854775806 .. 9223372036854775807", "9223372036854775805 <.. 9223372036854775807"});
                if (fact.shape == Shape::Money) return word({"0元 .. 92233720368547758.07元", "-92233720368547758.06元 .. 0元"});
                return word({"0 .. 9223372036854.775807", "-9223372036854.775806 .. 9223372036854.775807"});
            }
        }
        const Choice& choice = one_of(*choices);
        fact.bits = choice.bits;
        return choice.text;
    }

    std::string make_default(const Subject& subject, const Name& fact, const std::string& range) {
        Scope scope;
        scope.rules = scope.aggregates = false;
        for (const Name& other : subject.names)
            if (!other.yearly) scope.names.push_back(other);
        const bool constant_only = chance(40) || scope.names.empty();
        if (constant_only && (range.empty() || !is_counted(fact.shape))) return " default " + constant(fact.shape, fact.enumeration).text;
        if (range.find("..") == 0 || range.ends_with("..")) return "";
        Part value = constant_only ? constant(fact.shape, fact.enumeration) : total(value_of(fact.shape, scope, 2, fact.enumeration), fact.shape, fact.enumeration);
        if (fact.shape == Shape::Number) value.text = "round(" + value.text + ", 0.000001)";
        if (fact.shape == Shape::Money) value.text = "round(" + value.text + ", 0.01元)";
        // The range's ends, where it has an open one, are given up: the default lies well within.
        if (is_counted(fact.shape) && !range.empty()) {
            if (range.find('<') != std::string::npos) return "";
            value.text = "clamp(" + value.text + ", " + range + ")";
        } else if (fact.shape == Shape::Date && !range.empty()) {
            return "";
        }
        if (is_counted(fact.shape) && range.empty()) value.text = "clamp(" + value.text + ", " + constant(fact.shape).text + " ..)";
        if (is_counted(fact.shape) && range.empty()) return "";
        if (!constant_only && chance(25)) value.text = "if " + condition(scope, 1, true).text + " then unknown else " + value.text;
        return " default " + value.text;
    }

    // All that a subject has, under a prefix.
    void see(Scope& scope, const std::string& prefix, std::size_t number) const {
        const Subject& subject = subjects_[number];
        for (Name name : subject.names) {
            name.text = prefix + name.text;
            scope.names.push_back(std::move(name));
        }
        for (const Of& list : subject.lists) scope.lists.push_back({prefix + list.text, list.subject, list.bits});
        scope.records.push_back({prefix.empty() ? "" : prefix.substr(0, prefix.size() - 1), number});
        for (const Of& record : subject.records) see(scope, prefix + record.text + ".", record.subject);
    }

    // ---- parameters

    void make_parameter() {
        static const std::vector<Shape> shapes = {Shape::Number, Shape::Number, Shape::Money, Shape::Int, Shape::Months, Shape::Date, Shape::Bool};
        Name parameter;
        parameter.shape = one_of(shapes);
        parameter.text = fresh("p");
        parameter.bits = 24;
        parameter.partial = true;
        line("", "parameter " + parameter.text + " : " + type_word(parameter.shape) + label(parameter.text) + " {");
        int year = 2004 + static_cast<int>(below(8));
        for (std::uint32_t i = 1 + below(4); i > 0; --i) {
            const int next = year + 1 + static_cast<int>(below(5));
            std::string row = std::to_string(year) + word({"-01-01", "-03-15"}) + " ..";
            if (chance(30)) row += " " + std::to_string(next - 1) + "-12-31";
            if (chance(30)) row += " published " + std::to_string(year + static_cast<int>(below(2))) + "-06-30";
            line("  ", row + "  " + constant(parameter.shape).text + " @ \"文\"");
            year = next;
        }
        line("", "}");
        parameters_.push_back(parameter);
    }

    // ---- lets and tables

    Name make_let(const Scope& scope, const std::string& indent) {
        static const std::vector<Shape> shapes = {Shape::Bool, Shape::Int, Shape::Number, Shape::Number, Shape::Money, Shape::Money, Shape::Date, Shape::Months, Shape::Days};
        Name let;
        let.shape = one_of(shapes);
        const Part value = value_of(let.shape, scope, 3);
        let.text = fresh("v");
        let.bits = value.bits;
        let.below = value.below;
        let.partial = value.partial;
        line(indent, "let " + let.text + " = " + value.text + (chance(50) ? label(let.text) : ""));
        return let;
    }

    void make_function(Scope& scope, const std::string& indent) {
        static const std::vector<Shape> shapes = {Shape::Bool, Shape::Int, Shape::Number, Shape::Money, Shape::Date, Shape::Months};
        Function function;
        function.text = fresh("f");
        Scope inside = scope;
        inside.years.clear();
        std::string header;
        if (chance(30)) {
            function.record = 1 + below(static_cast<std::uint32_t>(subjects_.size() - 1));
            const std::string name = fresh("a");
            header = name + " : " + subjects_[function.record].name;
            see(inside, name + ".", function.record);
        }
        for (std::uint32_t i = (header.empty() ? 1 : 0) + below(2); i > 0; --i) {
            Name input;
            input.shape = one_of(shapes);
            input.text = fresh("a");
            input.bits = 30;
            header += (header.empty() ? "" : ", ") + input.text + " : " + type_word(input.shape);
            function.inputs.push_back(input);
            for (int twice = 0; twice < 3; ++twice) inside.names.push_back(input);
        }
        static const std::vector<Shape> results = {Shape::Bool, Shape::Number, Shape::Number, Shape::Money, Shape::Int};
        function.result = one_of(results);
        const Part value = value_of(function.result, inside, 2);
        if (value.quotient()) return;
        function.bits = value.bits;
        function.partial = value.partial;
        line(indent, "let " + function.text + "(" + header + ") = " + value.text);
        scope.functions.push_back(function);
    }

    // What a row's cells leave of each input: an interval of numbers, or some members.
    struct Cell {
        std::string low, high;         // with "<" on the side that leaves the end out
        double from = -1e6, to = 1e6;  // where to cut
        std::vector<std::string> members;
        [[nodiscard]] std::string text(bool all_members) const {
            if (!members.empty()) {
                if (all_members) return "-";
                std::string text;
                for (const auto& member : members) text += (text.empty() ? "" : ", ") + member;
                return members.size() == 1 ? text : "{" + text + "}";
            }
            if (low.empty() && high.empty()) return "-";
            std::string range = low;
            if (!range.empty() && range.back() == '<') range = range.substr(0, range.size() - 1) + " <..";
            else range += " ..";
            if (!high.empty() && high.front() == '<') range += "< " + high.substr(1);
            else if (!high.empty()) range += " " + high;
            return range;
        }
    };

    std::string cut_text(Shape shape, double at) const {
        const auto whole = static_cast<long long>(std::floor(at));
        switch (shape) {
            case Shape::Int: return std::to_string(whole);
            case Shape::Number: return std::to_string(whole) + (whole % 2 == 0 ? "" : ".5");
            case Shape::Money: return std::to_string(whole) + (whole % 2 == 0 ? "元" : ".37元");
            case Shape::Months: return std::to_string(whole) + " months";
            default: return std::to_string(2000 + whole) + "-01-01";
        }
    }

    bool split(Shape shape, const Cell& cell, Cell& left, Cell& right) {
        left = right = cell;
        if (!cell.members.empty()) {
            if (cell.members.size() < 2) return false;
            const auto half = static_cast<std::ptrdiff_t>(1 + below(static_cast<std::uint32_t>(cell.members.size() - 1)));
            left.members.assign(cell.members.begin(), cell.members.begin() + half);
            right.members.assign(cell.members.begin() + half, cell.members.end());
            return true;
        }
        static const std::vector<double> cuts = {-3, 0, 1, 2, 5, 8, 12, 20, 24, 50, 100, 1000};
        std::vector<double> possible;
        for (const double cut : cuts)
            if (cut > cell.from && cut < cell.to && (shape != Shape::Date || (cut >= 0 && cut <= 24))) possible.push_back(cut);
        if (possible.empty()) return false;
        const double at = one_of(possible);
        const bool upper = chance(50);
        left.high = (upper ? "<" : "") + cut_text(shape, at);
        right.low = cut_text(shape, at) + (upper ? "" : "<");
        left.to = right.from = at;
        return true;
    }

    void make_table(Scope& scope, const std::string& indent, const std::vector<Name>& around) {
        static const std::vector<Shape> shapes = {Shape::Int, Shape::Number, Shape::Money, Shape::Money, Shape::Date, Shape::Bool, Shape::Enum, Shape::Code, Shape::Months};
        static const std::vector<Shape> results = {Shape::Int, Shape::Number, Shape::Money, Shape::Bool};
        Function table;
        table.text = fresh("t");
        table.bits = 40;
        const bool first = chance(35), two = chance(20);
        Scope inside;
        inside.names = around;
        inside.rules = inside.aggregates = false;
        std::string inputs, header;
        std::vector<Cell> whole;
        for (std::uint32_t i = 1 + below(3); i > 0; --i) {
            Name input;
            input.shape = one_of(shapes);
            if (input.shape == Shape::Code && !first) input.shape = Shape::Money;
            input.text = fresh("a");
            input.bits = 30;
            input.enumeration = below(static_cast<std::uint32_t>(enumerations_.size()));
            // An enumeration's type has no name of its own: its cells tell it.
            inputs += (inputs.empty() ? "" : ", ") + input.text + (input.shape == Shape::Enum ? " : " + enumeration_text(input.enumeration) : " : " + type_word(input.shape));
            header += input.text + " | ";
            Cell cell;
            if (input.shape == Shape::Bool) cell.members = {"true", "false"};
            if (input.shape == Shape::Enum) cell.members = enumerations_[input.enumeration];
            whole.push_back(cell);
            table.inputs.push_back(input);
            inside.names.push_back(input);
        }
        std::vector<std::vector<Cell>> rows = {whole};
        for (std::uint32_t i = 1 + below(4); i > 0; --i) {
            const std::uint32_t row = below(static_cast<std::uint32_t>(rows.size())), input = below(static_cast<std::uint32_t>(whole.size()));
            Cell left, right;
            if (!split(table.inputs[input].shape, rows[row][input], left, right)) continue;
            std::vector<Cell> other = rows[row];
            other[input] = right;
            rows[row][input] = left;
            rows.push_back(std::move(other));
        }
        const Shape result = one_of(results), second = one_of(results);
        table.result = result;
        line(indent, "table " + table.text + "(" + inputs + ") : " + (two ? "(low : " + type_word(result) + ", high : " + type_word(second) + ")" : type_word(result)) + (first ? " first" : "") +
                         (chance(30) ? label(table.text) : "") + " {");
        line(indent + "  ", header + (two ? "low | high" : "result"));
        const auto row_results = [&] {
            std::string text = cell_result(result, inside);
            if (two) text += " | " + cell_result(second, inside);
            return text + (chance(20) ? " @ \"行\"" : "");
        };
        if (first && rows.size() > 1) rows.erase(rows.begin() + below(static_cast<std::uint32_t>(rows.size())));
        for (const auto& row : rows) {
            std::string cells;
            for (std::size_t i = 0; i < row.size(); ++i) {
                std::string cell = row[i].text(row[i].members.size() == whole[i].members.size());
                if (table.inputs[i].shape == Shape::Code) cell = chance(50) ? "{" + code() + ", F}" : code();
                if (first && table.inputs[i].shape == Shape::Date && cell != "-" && chance(30)) cell += " published " + day();
                cells += cell + " | ";
            }
            line(indent + "  ", cells + row_results());
        }
        if (first) line(indent + "  ", "otherwise | " + row_results());
        line(indent, "}");
        if (!two) return scope.functions.push_back(table);
        table.suffix = ".low";
        scope.functions.push_back(table);
        table.suffix = ".high";
        table.result = second;
        scope.functions.push_back(table);
    }

    std::string cell_result(Shape shape, const Scope& inside) {
        if (chance(60)) return constant(shape).text;
        const Part value = value_of(shape, inside, 1);
        return value.quotient() || value.partial ? constant(shape).text : value.text;
    }

    // ---- policies

    void make_policy(std::size_t subject) {
        Policy policy;
        policy.name = fresh("policy");
        policy.subject = subject;
        static const std::vector<Shape> shapes = {Shape::Bool, Shape::Int, Shape::Number, Shape::Money, Shape::Money, Shape::Date, Shape::Months, Shape::Days};
        for (std::uint32_t i = below(4); i > 0; --i) {
            Name benefit;
            benefit.shape = one_of(shapes);
            benefit.text = fresh("g");
            benefit.bits = 50;
            benefit.partial = true;
            policy.benefits.push_back(benefit);
        }
        int year = 2008 + static_cast<int>(below(5));
        const std::uint32_t versions = chance(60) ? 1 : 2 + below(2);
        for (std::uint32_t i = versions; i > 0; --i) {
            const int next = year + 3 + static_cast<int>(below(6));
            const bool open = i == 1 && chance(60);
            make_version(policy, std::to_string(year) + "-01-01 .." + (open ? "" : " " + std::to_string(next - 1) + "-12-31"));
            year = next + (chance(20) ? 1 : 0);
        }
        policies_.push_back(std::move(policy));
    }

    void make_version(const Policy& policy, const std::string& period) {
        line("", "policy " + policy.name + " for " + subjects_[policy.subject].name + label(policy.name) + " {");
        if (chance(20)) line("  ", "authority" + label("机关"));
        line("  ", "source s \"文件\"");
        line("  ", "in force " + period);
        Scope scope = globals_;
        see(scope, "", policy.subject);
        if (chance(25)) line("  ", "assessed on " + assessed(scope));
        if (chance(10) && !policies_.empty() && policies_.back().subject == policy.subject) line("  ", "conflicts with " + policies_.back().name + " @ s 9");
        for (std::uint32_t i = below(4); i > 0; --i) {
            if (chance(25)) make_function(scope, "  ");
            else if (chance(40)) make_table(scope, "  ", facts_for_rows(scope));
            else scope.names.push_back(make_let(scope, "  "));
        }
        make_clauses(scope, "  ", "", 1 + below(4), 0);
        for (const Name& benefit : policy.benefits)
            if (chance(85)) {
                make_benefit(scope, benefit);
                given_benefits_.insert(policy.name + "." + benefit.text);
            }
        line("", "}");
    }

    std::vector<Name> facts_for_rows(const Scope& scope) {
        std::vector<Name> some;
        for (const Name& name : scope.names)
            if (!name.yearly && !name.partial && name.below == 0 && chance(20)) some.push_back(name);
        return some;
    }

    std::string assessed(const Scope& scope) {
        for (const Name& name : scope.names)
            if (name.shape == Shape::Date && !name.yearly && !name.partial && chance(50)) return name.text;
        return word({"year_end[0]", "year_end[-1]", "as_of + 6 months", "as_of - 30 days"});
    }

    void make_clauses(Scope& scope, const std::string& indent, const std::string& prefix, std::uint32_t count, int depth) {
        for (std::uint32_t i = 0; i < count; ++i) {
            const std::string name = fresh("q");
            const std::string guard = chance(20) ? word({" when ", " unless "}) + condition(scope, 1, true).text : "";
            const std::string rest = label(name) + " @ s " + std::to_string(counter_);
            if (depth < 2 && chance(25)) {
                const std::uint32_t children = 1 + below(3);
                const std::string kind = chance(40) ? "at least " + std::to_string(1 + below(children)) + " of " : word({"all of ", "any of "});
                line(indent, kind + name + guard + rest + " {");
                make_clauses(scope, indent + "  ", prefix + name + ".", children, depth + 1);
                line(indent, "}");
            } else {
                line(indent, word({"require ", "require ", "require ", "exclude "}) + name + " " + condition(scope, 3, true).text + guard + rest);
            }
            scope.clauses.push_back(prefix + name);
        }
    }

    void make_benefit(const Scope& scope, const Name& benefit) {
        Part value = total(value_of(benefit.shape, scope, 3), benefit.shape);
        if (benefit.shape == Shape::Money) value.text = rounding() + "(" + value.text + ", " + word({"0.01元", "1元", "100元", "0.1元"}) + ")";
        if (benefit.shape == Shape::Number && (value.quotient() || chance(80))) value.text = rounding() + "(" + value.text + ", " + word({"0.01", "0.0001", "1", "0.25", "0.01", "0.0001", "0.000000000000000001"}) + ")";
        std::string text = "benefit " + benefit.text + " : " + type_word(benefit.shape) + " = " + value.text;
        if (chance(20)) text += " always";
        else if (chance(30)) text += " when " + condition(scope, 2, true).text;
        line("  ", text + label(benefit.text) + " @ s 99");
    }

    // ---- expressions

    std::string rounding() { return word({"round", "round_down", "round_up", "round_even"}); }

    // The same with a value everywhere.
    Part total(Part part, Shape shape, std::size_t enumeration = 0) {
        if (!part.partial && !chance(3)) return part;
        const bool silent = shape != Shape::Enum && shape != Shape::Text && chance(20);
        if (silent && is_counted(shape)) part.bits = std::max(part.bits, 51.0) + 8;
        part.text = "(" + part.text + " otherwise " + (silent ? "unknown" : constant(shape, enumeration).text) + ")";
        part.partial = false;
        return part;
    }

    Part value_of(Shape shape, const Scope& scope, int depth, std::size_t enumeration = 0) {
        switch (shape) {
            case Shape::Bool: return condition(scope, depth, false);
            case Shape::Int: return whole(scope, depth);
            case Shape::Number: return number(scope, depth);
            case Shape::Money: return money(scope, depth);
            case Shape::Date: return date(scope, depth);
            case Shape::Months: return months(scope, depth);
            case Shape::Days: return days(scope, depth);
            default: return leaf(shape, scope, enumeration);
        }
    }

    Part read(const Name& name, const Scope& scope) {
        std::string text = name.text;
        if (name.yearly) {
            if (!scope.years.empty() && chance(75)) text += "[" + one_of(scope.years) + word({"", "", " - 1"}) + "]";
            else if (below(60) == 0) text += word({"[-100]", "[-99]", "[99]", "[100]"});
            else text += word({"[0]", "[-1]", "[-1]", "[-2]"});
        }
        return {text, name.bits, name.below, name.partial};
    }

    // A name, a parameter, a benefit, a call, or a constant.
    Part leaf(Shape shape, const Scope& scope, std::size_t enumeration = 0) {
        std::vector<const Name*> fitting;
        for (const Name& name : scope.names)
            if ((name.shape == shape || (shape == Shape::Number && name.shape == Shape::Int)) && (shape != Shape::Enum || name.enumeration == enumeration)) fitting.push_back(&name);
        const std::uint32_t way = below(20);
        // An argument of a call may be a call, but none so deep that the brackets are too many.
        ++leaves_around_;
        Part part = leaves_around_ <= most_leaves_around ? asked(shape, scope, way) : Part{"", 0};
        --leaves_around_;
        if (!part.text.empty()) return part;
        if (!fitting.empty() && way < 18) return read(*fitting[below(static_cast<std::uint32_t>(fitting.size()))], scope);
        return constant(shape, enumeration);
    }

    // A parameter, a benefit or a call; nothing where it is none of them.
    Part asked(Shape shape, const Scope& scope, std::uint32_t way) {
        if (scope.rules && way < 2) {
            std::vector<const Name*> dated;
            for (const Name& parameter : parameters_)
                if (parameter.shape == shape) dated.push_back(&parameter);
            if (!dated.empty()) {
                Part part = read(**(dated.begin() + below(static_cast<std::uint32_t>(dated.size()))), scope);
                if (chance(40)) part.text = "(" + part.text + " as of " + (chance(50) ? day() : "(" + date(scope, 1).text + ")") + ")";
                return part;
            }
        }
        if (scope.rules && way < 5)
            if (Part part = benefit(shape, scope); !part.text.empty()) return part;
        if (way < 8) return call(shape, scope);
        return {"", 0};
    }

    // What another policy gives, here or of a record in sight.
    Part benefit(Shape shape, const Scope& scope) {
        for (const Policy& policy : policies_)
            for (const Of& record : scope.records) {
                if (record.subject != policy.subject || !chance(50)) continue;
                const std::string asked = policy.name + (record.text.empty() ? "" : "(" + record.text + ")");
                if (shape == Shape::Bool && chance(60)) return {asked + ".eligible", 1};
                for (const Name& benefit : policy.benefits)
                    if (benefit.shape == shape && given_benefits_.contains(policy.name + "." + benefit.text)) return {asked + "." + benefit.text, benefit.bits, 0, true};
            }
        return {"", 0};
    }

    Part call(Shape shape, const Scope& scope) {
        for (const Function& function : scope.functions) {
            if (function.result != shape || !chance(60)) continue;
            Part part{function.text + "(", function.bits, 0, function.partial};
            if (function.record != 0) {
                std::vector<std::string> records;
                for (const Of& record : scope.records)
                    if (record.subject == function.record && !record.text.empty()) records.push_back(record.text);
                if (records.empty()) continue;
                part.text += one_of(records);
            }
            for (const Name& input : function.inputs) {
                Part argument = leaf(input.shape, scope, input.enumeration);
                if (argument.bits > 60) argument = constant(input.shape, input.enumeration);
                part.partial = part.partial || argument.partial;
                if (part.text.back() != '(') part.text += ", ";
                part.text += argument.text;
            }
            part.text += ")" + function.suffix;
            return part;
        }
        return {"", 0};
    }

    static Part joined(const Part& a, const std::string& sign, const Part& b) {
        Part part{"(" + a.text + " " + sign + " " + b.text + ")", 0, 0, a.partial || b.partial};
        if (sign == "*") {
            part.bits = a.bits + b.bits;
            part.below = a.below + b.below;
        } else {
            part.bits = std::max(a.bits + b.below, b.bits + a.below) + 1;
            part.below = a.below + b.below;
        }
        return part;
    }
    static bool fits(const Part& part) { return part.bits < 100 && part.below < 90 && part.bits + part.below < 112; }
    // The first of what was made that is not too wide.
    Part narrow(const Part& part, Shape shape) { return fits(part) ? part : constant(shape); }

    Part whole(const Scope& scope, int depth) {
        if (depth <= 0) return leaf(Shape::Int, scope);
        switch (below(12)) {
            case 0: case 1: return narrow(joined(whole(scope, depth - 1), word({"+", "-"}), whole(scope, depth - 1)), Shape::Int);
            case 2: return narrow(joined(whole(scope, depth - 1), "*", constant(Shape::Int)), Shape::Int);
            case 3: {
                const Part x = number(scope, depth - 1);
                return narrow({rounding() + "(" + x.text + ", 1)", x.bits, 0, x.partial}, Shape::Int);
            }
            case 4: return chosen(Shape::Int, scope, depth);
            case 5: return extreme(Shape::Int, scope, depth);
            case 6: case 7: case 8: return aggregate(Shape::Int, scope, depth);
            case 9: {
                const Part x = whole(scope, depth - 1);
                return {word({"abs(", "(-"}) + x.text + ")", x.bits, 0, x.partial};
            }
            default: return leaf(Shape::Int, scope);
        }
    }

    Part number(const Scope& scope, int depth) {
        if (depth <= 0) return leaf(Shape::Number, scope);
        switch (below(16)) {
            case 0: case 1: return narrow(joined(number(scope, depth - 1), word({"+", "-"}), number(scope, depth - 1)), Shape::Number);
            case 2: return narrow(joined(number(scope, depth - 1), "*", number(scope, depth - 1)), Shape::Number);
            case 3: case 4: return quotient(scope, depth);
            case 5: {
                const Part x = number(scope, depth - 1);
                return {word({"abs(", "(-"}) + x.text + ")", x.bits, x.below, x.partial};
            }
            case 6: return chosen(Shape::Number, scope, depth);
            case 7: return extreme(Shape::Number, scope, depth);
            case 8: case 9: return aggregate(Shape::Number, scope, depth);
            case 10: {
                const Part x = number(scope, depth - 1);
                return narrow({rounding() + "(" + x.text + ", " + word({"1", "0.1", "0.01", "5", "0.25"}) + ")", x.bits + 7, 0, x.partial}, Shape::Number);
            }
            case 11: case 12: return whole(scope, depth - 1);
            case 13: {
                const Part x = number(scope, depth - 1);
                return {"(" + x.text + " / " + word({"2", "3", "7", "0.3", "-4"}) + ")", x.bits + 5, x.below, x.partial};
            }
            default: return leaf(Shape::Number, scope);
        }
    }

    Part quotient(const Scope& scope, int depth) {
        Shape shape = Shape::Number;
        const std::uint32_t way = below(10);
        if (way < 5) shape = Shape::Money;
        if (way == 5) shape = Shape::Months;
        if (way == 6) shape = Shape::Days;
        const Part above = value_of(shape, scope, depth - 1);
        Part under = value_of(shape, scope, depth - 1);
        if (under.quotient() || above.quotient()) return above.quotient() && shape == Shape::Number ? above : constant(Shape::Number);
        const bool positive = chance(70);
        const std::string least = shape == Shape::Money ? "0.01元" : shape == Shape::Months ? "1 months" : shape == Shape::Days ? "1 days" : "1";
        if (positive) under.text = "max(" + under.text + ", " + least + ")";
        Part part{"(" + above.text + " / " + under.text + ")", above.bits + 10, under.bits + 10, above.partial || under.partial || !positive};
        return narrow(part, Shape::Number);
    }

    Part money(const Scope& scope, int depth) {
        if (depth <= 0) return leaf(Shape::Money, scope);
        switch (below(14)) {
            case 0: case 1: case 2: return narrow(joined(money(scope, depth - 1), word({"+", "-"}), money(scope, depth - 1)), Shape::Money);
            case 3: case 4: return narrow(chance(50) ? joined(money(scope, depth - 1), "*", number(scope, depth - 1)) : joined(number(scope, depth - 1), "*", money(scope, depth - 1)), Shape::Money);
            case 5: {
                const Part x = money(scope, depth - 1);
                return narrow({rounding() + "(" + x.text + ", " + word({"0.01元", "1元", "100元", "0.1元"}) + ")", x.bits + 5, 0, x.partial}, Shape::Money);
            }
            case 6: return chosen(Shape::Money, scope, depth);
            case 7: return extreme(Shape::Money, scope, depth);
            case 8: case 9: return aggregate(Shape::Money, scope, depth);
            case 10: {
                const Part x = money(scope, depth - 1);
                return {"(" + x.text + " / " + word({"2", "3", "12.5%"}) + ")", x.bits + 5, x.below, x.partial};
            }
            case 11: {
                const Part x = money(scope, depth - 1);
                return {word({"abs(", "(-"}) + x.text + ")", x.bits, x.below, x.partial};
            }
            default: return leaf(Shape::Money, scope);
        }
    }

    Part date(const Scope& scope, int depth) {
        if (depth <= 0 || !scope.rules) {
            if (scope.rules && chance(30)) return {word({"as_of", "year_end[0]", "year_end[-1]", "year_end[-2]"}), 18};
            return leaf(Shape::Date, scope);
        }
        switch (below(9)) {
            case 0: case 1: return within_calendar(joined(date(scope, depth - 1), word({"+", "-"}), leaf(Shape::Months, scope)));
            case 2: case 3: return within_calendar(joined(date(scope, depth - 1), word({"+", "-"}), leaf(Shape::Days, scope)));
            case 4: return chosen(Shape::Date, scope, depth);
            case 5: return extreme(Shape::Date, scope, depth);
            case 6: return aggregate(Shape::Date, scope, depth);
            case 7: return {scope.years.empty() ? std::string(word({"year_end[0]", "year_end[-1]"})) : "year_end[" + one_of(scope.years) + "]", 18};
            default: return date(scope, 0);
        }
    }
    static Part within_calendar(Part part) {
        part.text = "clamp(" + part.text + ", 1900-01-01 .. 2199-12-31)";
        part.bits = 18;
        return part;
    }

    Part months(const Scope& scope, int depth) {
        if (depth > 0 && chance(35)) {
            const Part from = date(scope, depth - 1), to = date(scope, depth - 1);
            return {"(months from (" + from.text + ") to (" + to.text + "))", 13, 0, from.partial || to.partial};
        }
        if (depth > 0 && chance(20)) return joined(months(scope, depth - 1), word({"+", "-"}), leaf(Shape::Months, scope));
        if (depth > 0 && chance(15)) return chosen(Shape::Months, scope, depth);
        if (depth > 0 && chance(15)) return extreme(Shape::Months, scope, depth);
        if (depth > 0 && chance(10)) return joined(leaf(Shape::Months, scope), "*", {word({"2", "3"}), 2});
        return leaf(Shape::Months, scope);
    }
    Part days(const Scope& scope, int depth) {
        if (depth > 0 && chance(35)) {
            const Part from = date(scope, depth - 1), to = date(scope, depth - 1);
            if (chance(50)) return {"(days from (" + from.text + ") to (" + to.text + "))", 18, 0, from.partial || to.partial};
            return joined(from, "-", to);
        }
        if (depth > 0 && chance(20)) return joined(days(scope, depth - 1), word({"+", "-"}), leaf(Shape::Days, scope));
        if (depth > 0 && chance(15)) return chosen(Shape::Days, scope, depth);
        if (depth > 0 && chance(10)) return aggregate(Shape::Days, scope, depth);
        return leaf(Shape::Days, scope);
    }

    // if … then … else …; or, a third of the time, a name that its own condition says something of.
    Part chosen(Shape shape, const Scope& scope, int depth) {
        if (is_counted(shape) && chance(33)) {
            std::vector<const Name*> fitting;
            for (const Name& name : scope.names)
                if (name.shape == shape && name.below == 0 && !name.partial) fitting.push_back(&name);
            if (!fitting.empty()) {
                const Part x = read(*fitting[below(static_cast<std::uint32_t>(fitting.size()))], scope);
                const Part limit = constant(shape), other = constant(shape);
                if (shape == Shape::Number && chance(50)) return {"(if " + x.text + " > " + word({"0", "1", "0.5"}) + " then (1 / " + x.text + ") else " + other.text + ")", x.bits + 20, x.bits, x.partial};
                std::string test = x.text + " " + word({">", "<", ">=", "<=", "="}) + " " + limit.text;
                if (chance(25)) test = "not (" + test + ")";
                if (chance(25)) test = x.text + " in " + limit.text + word({" .. ", " <.. ", " ..< "}) + other.text;
                return {"(if " + test + " then (" + x.text + " - " + limit.text + ") else (" + other.text + " - " + x.text + "))", std::max({x.bits, limit.bits, other.bits}) + 8, 0, x.partial};
            }
        }
        const Part test = condition(scope, depth - 1, false), yes = value_of(shape, scope, depth - 1), no = value_of(shape, scope, depth - 1);
        Part part{"(if " + test.text + " then " + yes.text + " else " + no.text + ")", std::max(yes.bits + no.below, no.bits + yes.below), yes.below + no.below, test.partial || yes.partial || no.partial};
        return narrow(part, shape);
    }

    Part extreme(Shape shape, const Scope& scope, int depth) {
        Part a = value_of(shape, scope, depth - 1);
        const Part b = value_of(shape, scope, depth - 1);
        Part part = joined(a, "+", b);
        if (chance(35)) {
            const std::string range = word({"both", "low", "high"});
            const std::string low = constant(shape).text, high = constant(shape).text;
            part = a;
            part.bits += 12;
            part.text = "clamp(" + a.text + ", " + (range == "high" ? "" : low + " ") + ".." + (range == "low" ? "" : " " + high) + ")";
            return narrow(part, shape);
        }
        part.text = word({"min(", "max("}) + a.text + ", " + b.text + ")";
        if (chance(15)) part.text.insert(part.text.size() - 1, ", " + constant(shape).text);
        part.bits += 12;
        return narrow(part, shape);
    }

    // Over years or the elements of a list.
    Part aggregate(Shape shape, const Scope& scope, int depth) {
        if (!scope.aggregates || scope.loops >= 2 || depth <= 0) return leaf(shape, scope);
        Scope inside = scope;
        ++inside.loops;
        std::string over;
        double more = 2;
        const bool list = !scope.lists.empty() && chance(60);
        const std::string variable = fresh("x");
        if (list) {
            const Of chosen_list = one_of(scope.lists);
            inside.names.clear();
            if (chance(40)) inside.names = scope.names;
            for (int i = 0; i < 2; ++i) see(inside, variable + ".", chosen_list.subject);
            // A list's element has no lists, and nothing that is asked inside a loop is a list of another element.
            inside.lists = scope.lists;
            over = variable + " in " + chosen_list.text;
            more = chosen_list.bits;
        } else {
            const int last = -static_cast<int>(below(2));
            over = variable + " in " + std::to_string(last - 1 - static_cast<int>(below(3))) + " .. " + std::to_string(last);
            if (shape != Shape::Bool && shape != Shape::Int && chance(30)) {
                for (const Name& name : scope.names)
                    if (name.yearly && name.shape == shape && chance(50))
                        return {(shape == Shape::Date ? word({"min(", "max("}) : word({"sum(", "min(", "max("})) + name.text + "[-3..-1])", name.bits + 2, 0, name.partial};
            }
            inside.years.push_back(variable);
        }
        const bool filtered = chance(45);
        const Part filter = filtered ? condition(inside, depth - 1, false) : Part{"", 0};
        const std::string where = filtered ? " where " + filter.text : "";
        if (shape == Shape::Bool) {
            const Part body = condition(inside, depth - 1, false);
            return {word({"any(", "all("}) + body.text + " for " + over + where + ")", 1, 0, body.partial || filter.partial};
        }
        if (shape == Shape::Int && chance(50)) return {"count(" + over + where + ")", more + 1, 0, filter.partial};
        Part body = value_of(shape, inside, depth - 1);
        if (list && body.quotient()) {
            const std::string step = shape == Shape::Money ? "0.01元" : "0.01";
            body.text = "round(" + body.text + ", " + step + ")";
            body.bits += 7;
            body.below = 0;
        }
        // Sums keep the width of what is summed; the best of years that may not count may not be there.
        const bool sum = shape != Shape::Date && chance(55);
        Part part{(sum ? "sum(" : word({"min(", "max("})) + body.text + " for " + over + where + ")", body.bits + (sum ? more : 0), body.below, body.partial || filter.partial || (!sum && (list || filtered))};
        if (!list && body.quotient()) {
            part.bits = body.bits * 2;
            part.below = body.below * 3;
        }
        return narrow(part, shape);
    }

    // ---- conditions

    Part condition(const Scope& scope, int depth, bool certain) {
        Part part = open_condition(scope, depth);
        if (certain && (part.partial || chance(2))) part = {"(" + part.text + " otherwise " + word({"true", "false", "false", "unknown"}) + ")", 1};
        return part;
    }

    Part open_condition(const Scope& scope, int depth) {
        if (depth > 0 && chance(35)) {
            const std::uint32_t way = below(10);
            const Part a = condition(scope, depth - 1, false);
            if (way == 0) return {"(not " + a.text + ")", 1, 0, a.partial};
            if (way == 1 && !scope.names.empty()) return chosen(Shape::Bool, scope, depth);
            const Part b = condition(scope, depth - 1, false);
            return {"(" + a.text + word({" and ", " or "}) + b.text + ")", 1, 0, a.partial || b.partial};
        }
        if (depth > 0 && chance(20)) return aggregate(Shape::Bool, scope, depth);
        if (!scope.clauses.empty() && scope.loops == 0 && chance(8)) return {one_of(scope.clauses), 1};
        if (chance(15)) return leaf(Shape::Bool, scope);
        static const std::vector<Shape> shapes = {Shape::Bool, Shape::Int, Shape::Int, Shape::Number, Shape::Number, Shape::Number, Shape::Money, Shape::Money, Shape::Money, Shape::Money,
                                                  Shape::Date, Shape::Date, Shape::Months, Shape::Days, Shape::Enum, Shape::Code, Shape::Text};
        for (int tries = 0; tries < 6; ++tries) {
            const Shape shape = one_of(shapes);
            if (shape == Shape::Enum || shape == Shape::Code || shape == Shape::Text) {
                const Part member = membership(shape, scope);
                if (!member.text.empty()) return member;
                continue;
            }
            const Part a = value_of(shape, scope, std::max(depth - 1, shape == Shape::Bool ? 0 : 1));
            if (shape == Shape::Bool) return {"(" + a.text + word({" = ", " != "}) + leaf(Shape::Bool, scope).text + ")", 1, 0, true};
            if (chance(15) && !a.quotient()) return {"(" + a.text + word({" in {", " not in {"}) + constant(shape).text + ", " + constant(shape).text + "})", 1, 0, a.partial};
            const Part b = chance(55) ? constant(shape) : value_of(shape, scope, depth - 1);
            if (!fits(joined(a, "-", b))) continue;
            if (chance(20)) {
                const std::string low = b.text, high = constant(shape).text;
                const std::uint32_t ends = below(6);
                const std::string range = ends == 0 ? low + " .." : ends == 1 ? ".. " + low : low + word({" .. ", " <.. ", " ..< ", " <..< "}) + high;
                return {"(" + a.text + " in " + range + ")", 1, 0, a.partial || b.partial};
            }
            return {"(" + a.text + word({" >= ", " > ", " <= ", " < ", " = ", " != "}) + b.text + ")", 1, 0, a.partial || b.partial};
        }
        return leaf(Shape::Bool, scope);
    }

    Part membership(Shape shape, const Scope& scope) {
        std::vector<const Name*> fitting;
        for (const Name& name : scope.names)
            if (name.shape == shape) fitting.push_back(&name);
        if (fitting.empty()) return {"", 0};
        const Name& name = *fitting[below(static_cast<std::uint32_t>(fitting.size()))];
        const Part a = read(name, scope);
        if (chance(20)) {
            const Name& other = *fitting[below(static_cast<std::uint32_t>(fitting.size()))];
            if (other.enumeration == name.enumeration) return {"(" + a.text + word({" = ", " != "}) + read(other, scope).text + ")", 1, 0, a.partial || other.partial};
        }
        if (chance(50)) return {"(" + a.text + word({" = ", " != "}) + constant(shape, name.enumeration).text + ")", 1, 0, a.partial};
        return {"(" + a.text + word({" in {", " not in {"}) + constant(shape, name.enumeration).text + ", " + constant(shape, name.enumeration).text + "})", 1, 0, a.partial};
    }

    std::mt19937 random_;
    static constexpr int most_leaves_around = 6;
    int leaves_around_ = 0;
    std::uint32_t counter_ = 0;
    std::string text_;
    std::vector<std::vector<std::string>> enumerations_;
    std::vector<Subject> subjects_;
    std::vector<Name> parameters_;
    std::vector<Policy> policies_;
    std::set<std::string> given_benefits_;  // that some version of their policy gives
    Scope globals_;
};

}  // namespace

std::string generate(std::uint32_t seed) { return Generator(seed).pack(); }

}  // namespace eligo::oracle
