#include "screen_tell.hpp"

#include <algorithm>

#include "../explain/amounts.hpp"
#include "../explain/say.hpp"
#include "../text/utf8.hpp"
#include "../value/date.hpp"
#include "print.hpp"
#include "profiles.hpp"

namespace eligo::cli {
namespace {

using screen::Ending;
using screen::TallyLayout;

std::string grouped(std::uint64_t number) { return explain::say_number(std::to_string(number)); }
std::string grouped(value::Int128 number) { return grouped(static_cast<std::uint64_t>(number)); }

// At most so many names, and how many more there are.
std::string listed(const Settings& settings, const std::vector<std::string>& names, std::size_t most = 12) {
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) text += (i == 0 ? "" : settings.in("、", ", ")) + names[i];
    if (names.size() > most) text += settings.in(" 等 " + std::to_string(names.size()) + " 项", " and " + std::to_string(names.size() - most) + " more");
    return text;
}

// "revenue.2015", "revenue.2016" -> "revenue (2015, 2016)".
std::vector<std::string> by_fact(const std::vector<std::string>& keys) {
    std::vector<std::pair<std::string, std::string>> facts;
    for (const std::string& key : keys) {
        const std::size_t dot = key.rfind('.');
        const bool year = dot != std::string::npos && key.size() == dot + 5 && key.find_first_not_of("0123456789", dot + 1) == std::string::npos;
        const std::string fact = year ? key.substr(0, dot) : key;
        if (facts.empty() || facts.back().first != fact) facts.emplace_back(fact, "");
        if (year) facts.back().second += (facts.back().second.empty() ? "" : ", ") + key.substr(dot + 1);
    }
    std::vector<std::string> texts;
    for (const auto& [fact, years] : facts) texts.push_back(years.empty() ? fact : fact + " (" + years + ")");
    return texts;
}

std::string seconds(const Settings& settings, std::chrono::nanoseconds time) {
    const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(time).count() / 100;
    const auto whole = tenths / 10;
    if (whole >= 3600) return std::to_string(whole / 3600) + settings.in("小时", " h ") + std::to_string(whole % 3600 / 60) + settings.in("分", " min");
    if (whole >= 60) return std::to_string(whole / 60) + settings.in("分", " min ") + std::to_string(whole % 60) + settings.in("秒", " s");
    return std::to_string(whole) + "." + std::to_string(tenths % 10) + settings.in("秒", " s");
}

std::uint64_t a_second(std::uint64_t count, std::chrono::nanoseconds time) {
    const auto microseconds = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
    return microseconds == 0 ? 0 : static_cast<std::uint64_t>(static_cast<value::UInt128>(count) * 1'000'000 / microseconds);
}

}  // namespace

void tell_problems(const Settings& settings, const std::vector<io::Problem>& problems) {
    for (const io::Problem& problem : problems) print_problem(settings, problem);
}

void Teller::line(const std::string& chinese, const std::string& english) const { complain(settings_.in(chinese, english)); }

screen::Listener Teller::listener() {
    screen::Listener listener;
    listener.on_start = [this](const screen::Start& start) { this->start(start); };
    if (terminal_) listener.on_progress = [this](const screen::Progress& progress) { this->progress(progress); };
    return listener;
}

void Teller::start(const screen::Start& start) {
    const screen::Matching& matching = *start.matching;
    if (!start.turned_from.empty()) line("输入是 " + listed(settings_, start.turned_from), "the input is " + listed(settings_, start.turned_from));
    if (!matching.unmatched.empty()) {
        line("这些列不是企业的事实，不使用：" + listed(settings_, matching.unmatched), "columns that are no facts, left out: " + listed(settings_, matching.unmatched));
        for (const std::string& name : matching.unmatched) {
            const std::string near = start.finder->nearest(name);
            if (!near.empty()) print_error_line(settings_.in("  “" + name + "”是否应为 `" + near + "`？可用 --map 对照", "  \"" + name + "\": did you mean `" + near + "`? --map says which column is which fact"));
        }
    }
    if (!start.lists.unmatched.empty()) line("列表中这些列不是事实，不使用：" + listed(settings_, start.lists.unmatched), "columns of lists that are no facts, left out: " + listed(settings_, start.lists.unmatched));
    if (!matching.unread.empty()) line("所选政策用不到这些列：" + listed(settings_, matching.unread), "columns that the chosen policies do not read: " + listed(settings_, matching.unread));
    const auto with = [](std::vector<std::string> facts, const std::vector<std::string>& of_lists) {
        facts.insert(facts.end(), of_lists.begin(), of_lists.end());
        return facts;
    };
    if (const auto missing = with(by_fact(matching.missing), start.lists.missing); !missing.empty()) {
        const std::string facts = listed(settings_, missing);
        line("输入中没有这些事实，结论可能因此无法确定：" + facts, "facts without a column, which stay unknown: " + facts);
    }
    if (const auto assumed = with(by_fact(matching.assumed), start.lists.assumed); !assumed.empty()) {
        const std::string facts = listed(settings_, assumed, 4);
        line("输入中没有这些事实，按默认值处理：" + facts, "facts without a column, taken for their defaults: " + facts);
    }
    if (const auto old = why_years_are_old(settings_, matching.latest_year)) complain(*old);
    if (!matching.has_company) line("输入中没有 company_id 列，结果中的企业没有编号", "there is no column company_id: the companies of the output have no name");
    if (start.resumed_rows > 0) line("接着做：已完成 " + grouped(start.resumed_rows) + " 行", "going on: " + grouped(start.resumed_rows) + (start.resumed_rows == 1 ? " row is" : " rows are") + " done already");
    if (start.nothing_to_resume) line("没有可以接着做的，从头开始", "there is nothing to go on with: beginning at the beginning");
    if (start.left_over) line("上次中断的结果已放弃（--resume 可接着做）", "what an interrupted run had done is given up (--resume would go on with it)");
    begun_ = Clock::now();
}

void Teller::progress(const screen::Progress& progress) {
    const auto now = Clock::now();
    if (now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    const auto time = now - begun_;
    const std::uint64_t rate = a_second(progress.rows - progress.rows_before, time);
    std::string text;
    const auto& table = progress.table;
    if (table.in_all > 0) {
        constexpr std::uint64_t width = 24;
        const std::uint64_t done = std::min(table.done, table.in_all);
        const std::uint64_t cells = done * width / table.in_all;
        for (std::uint64_t i = 0; i < width; ++i) text += i < cells ? "█" : "░";
        text += " " + std::to_string(done * 100 / table.in_all) + "%  ";
    }
    text += grouped(progress.rows) + settings_.in(" 行 · 每秒 ", " rows · ") + grouped(rate) + settings_.in("", "/s");
    if (table.in_all > table.done && table.done > 0 && progress.rows > progress.rows_before) {
        const auto left = std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<value::Int128>(time.count()) * static_cast<std::int64_t>(table.in_all - table.done) / static_cast<std::int64_t>(table.done)));
        text += settings_.in(" · 还需 ", " · ") + seconds(settings_, left) + settings_.in("", " left");
    }
    print_error(VisibleText::rewind() + text);
    shown_ = true;
}

void Teller::clear_progress() {
    if (shown_) print_error(VisibleText::rewind());
    shown_ = false;
}

void Teller::counts(const screen::Outcome& outcome) const {
    const screen::Tally& tally = *outcome.tally;
    const auto rows = static_cast<std::uint64_t>(tally[TallyLayout::Rows]);
    const std::string day = value::format_date(request_.question.as_of);
    std::string chinese = grouped(rows) + " 行，以 " + day + " 为准：" + grouped(tally[TallyLayout::Written]) + " 行已判断，" + grouped(tally[TallyLayout::Rejected]) + " 行有误";
    std::string english = grouped(rows) + (rows == 1 ? " row" : " rows") + " as of " + day + ": " + grouped(tally[TallyLayout::Written]) + " answered, " + grouped(tally[TallyLayout::Rejected]) + " rejected";
    if (tally[TallyLayout::WhereOut] > 0 || tally[TallyLayout::WhereOpen] > 0) {
        chinese += "，" + grouped(tally[TallyLayout::WhereOut]) + " 行不符合 --where，" + grouped(tally[TallyLayout::WhereOpen]) + " 行无法判断是否符合";
        english += ", " + grouped(tally[TallyLayout::WhereOut]) + " left out by --where, " + grouped(tally[TallyLayout::WhereOpen]) + " of which it cannot be told";
    }
    if (tally[TallyLayout::OnlyOut] > 0) {
        chinese += "，" + grouped(tally[TallyLayout::OnlyOut]) + " 行因 --only 不输出";
        english += ", " + grouped(tally[TallyLayout::OnlyOut]) + " left out by --only";
    }
    const std::uint64_t rate = a_second(rows - outcome.rows_before, outcome.time);
    line(chinese + "（" + seconds(settings_, outcome.time) + "，每秒 " + grouped(rate) + " 行）", english + " (" + seconds(settings_, outcome.time) + ", " + grouped(rate) + " rows/s)");
}

void Teller::verdicts(const screen::Outcome& outcome) const {
    std::size_t width = 0;
    const auto width_of = [](const std::string& name) { return text::display_width(value::visible(name)); };
    for (const auto& policy : outcome.columns) width = std::max(width, width_of(policy.name));
    for (std::size_t p = 0; p < outcome.columns.size(); ++p) {
        std::string text = "  " + outcome.columns[p].name + std::string(width - width_of(outcome.columns[p].name), ' ');
        for (const auto verdict : {vm::Verdict::Eligible, vm::Verdict::Ineligible, vm::Verdict::Undetermined, vm::Verdict::NotInForce}) {
            const value::Int128 count = (*outcome.tally)[outcome.layout->verdict(p, verdict)];
            if (count == 0) continue;
            text += "  " + std::string(explain::say_verdict(static_cast<explain::Verdict>(verdict), settings_.answer_language())) + " " + grouped(count);
        }
        print_error_line(text);
    }
}

void Teller::rejects(const screen::Outcome& outcome) const {
    if (outcome.orphans > 0) line("列表中有 " + grouped(outcome.orphans) + " 行不属于表中的任何企业", grouped(outcome.orphans) + (outcome.orphans == 1 ? " row of a list belongs" : " rows of lists belong") + " to no company of the table");
    if (!outcome.rejects_path.empty()) return line("有误的行在 " + outcome.rejects_path, "rejected rows are in " + outcome.rejects_path);
    // Nobody else will tell them.
    for (const screen::Reject& reject : outcome.first_rejects) {
        const std::string place = (reject.table.empty() ? request_.input : reject.table) + ":" + std::to_string(reject.line) + (reject.position == 0 ? "" : ":" + std::to_string(reject.position));
        print_error_line("  " + place + ": " + (reject.column.empty() ? "" : reject.column + ": ") + screen::reason_of(reject, settings_.answer_language()));
    }
    const auto all = static_cast<std::uint64_t>((*outcome.tally)[TallyLayout::Rejected]) + outcome.orphans;
    if (all > outcome.first_rejects.size() && outcome.ending != Ending::StoppedAtBad) {
        print_error_line(settings_.in("  ……另有 " + grouped(all - outcome.first_rejects.size()) + " 行；--rejects 文件名 可全部写出", "  … and " + grouped(all - outcome.first_rejects.size()) + " more; --rejects FILE has them all"));
    }
}

void Teller::ids(const screen::Outcome& outcome) const {
    const auto count = [&](TallyLayout::Head head) { return static_cast<std::uint64_t>((*outcome.tally)[head]); };
    if (const std::uint64_t rows = count(TallyLayout::NoId); rows > 0) {
        const std::string first = std::to_string(count(TallyLayout::FirstNoId));
        line("有 " + grouped(rows) + " 行没有 company_id，第一处在第 " + first + " 行", grouped(rows) + (rows == 1 ? " row has no company_id, in line " : " rows have no company_id, the first in line ") + first);
    }
    if (const std::uint64_t rows = count(TallyLayout::OddId); rows > 0) {
        const std::string first = std::to_string(count(TallyLayout::FirstOddId));
        line("有 " + grouped(rows) + " 行的编号是浮点数（如 9.131E+17），位数已不全，第一处在第 " + first + " 行：请把编号存为文本再导出",
             grouped(rows) + (rows == 1 ? " row has an id" : " rows have ids") + " in floating point (as 9.131E+17), whose digits are not all there, " + (rows == 1 ? "in line " : "the first in line ") + first + ": keep ids as texts");
    }
    const screen::SameIds& same = outcome.same_ids;
    if (!same.is_whole) line("编号是否重复没有查完：没有空间存放", "whether ids occur more than once was not found out: there is no room to keep them");
    if (same.rows > 0) {
        line("有 " + grouped(same.rows) + " 行与别的行编号相同（共 " + grouped(same.ids) + " 个编号），最先在第 " + std::to_string(same.first) + " 行和第 " + std::to_string(same.second) + " 行",
             grouped(same.rows) + " rows have an id that another row has as well (" + grouped(same.ids) + (same.ids == 1 ? " id" : " ids") + "), the first in lines " + std::to_string(same.first) + " and " + std::to_string(same.second));
    }
}

// What was read as it stands, but may not have been meant.
void Teller::what_was_odd(const screen::Outcome& outcome) const {
    if (!outcome.unknown.empty()) {
        std::vector<std::string> names;
        for (const screen::UnknownKey& key : outcome.unknown) names.push_back(settings_.in(key.name + "（第 " + std::to_string(key.line) + " 行）", key.name + " (line " + std::to_string(key.line) + ")"));
        line("后面的行中还有这些不是企业事实的键，不使用：" + listed(settings_, names), "keys of later rows that are no facts, left out: " + listed(settings_, names));
    }
    ids(outcome);
    // Where half of the rows have such cells, they are what the file is like.
    const value::Int128 many = (*outcome.tally)[TallyLayout::ManyLines], first = (*outcome.tally)[TallyLayout::FirstOfManyLines];
    constexpr int a_few = 10;
    if (many > 0 && (many < a_few || 2 * many < (*outcome.tally)[TallyLayout::Rows])) {
        line("有 " + grouped(many) + " 行的单元格内有换行，第一处在第 " + std::to_string(static_cast<std::uint64_t>(first)) + " 行：请确认引号无误",
             grouped(many) + (many == 1 ? " row has a cell that goes on over several lines, in line " : " rows have cells that go on over several lines, the first in line ") + std::to_string(static_cast<std::uint64_t>(first)) + ": make sure that its quotes are right");
    }
}

// By a run before this one, which this one has gone on from and which stays as it was.
void Teller::what_is_left(const screen::Outcome& outcome) const {
    if (!outcome.partial_path.empty()) line("此前做完的仍在 " + outcome.partial_path + "，--resume 可接着做", "what an earlier run had done is still in " + outcome.partial_path + "; --resume goes on from there");
}

void Teller::tell_end(const screen::Outcome& outcome) {
    clear_progress();
    tell_problems(settings_, outcome.problems);
    switch (outcome.ending) {
        case Ending::CannotStart: return;
        case Ending::StoppedAtBad:
            line("遇到有误的行，已停止（--strict）；没有写出结果", "stopped at the first row that is wrong (--strict); no output was written");
            rejects(outcome);
            return what_is_left(outcome);
        case Ending::InputFailed:
            line("输入没有读完，没有写出结果", "the input could not be read to its end; no output was written");
            return what_is_left(outcome);
        case Ending::OutputFailed:
            line("结果没有写完", "the output is not complete");
            if (!outcome.partial_path.empty()) line("腾出空间后可用 --resume 接着做", "once there is room, --resume goes on from here");
            return;
        case Ending::Failed:
            line("结果没有写完", "the output is not complete");
            if (!outcome.partial_path.empty()) line("可用 --resume 接着做", "--resume goes on from here");
            return;
        case Ending::Interrupted:
            if (!outcome.tally) return line("已中断；还没有开始", "interrupted before it began");
            counts(outcome);
            if (!outcome.partial_path.empty()) line("已中断；--resume 可接着做（已完成的在 " + outcome.partial_path + "）", "interrupted; --resume goes on from here (what is done is in " + outcome.partial_path + ")");
            return;
        case Ending::Whole: break;
    }
    counts(outcome);
    verdicts(outcome);
    rejects(outcome);
    what_was_odd(outcome);
    tell_problems(settings_, outcome.notes);
    if (outcome.ends_without_line_end) line("输入的最后一行没有换行：请确认文件是完整的", "the last row of the input has no line end: make sure that the file is complete");
}

}  // namespace eligo::cli
