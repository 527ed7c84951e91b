// `eligo check`: companies against policies, with the reasons.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../explain/json.hpp"
#include "../explain/say.hpp"
#include "../explain/why.hpp"
#include "../vm/profile_set.hpp"
#include "commands.hpp"
#include "policies.hpp"
#include "print.hpp"
#include "profiles.hpp"
#include "rules.hpp"

namespace eligo::cli {
namespace {

using bytecode::Index;
using bytecode::Pack;

struct Request {
    std::vector<std::string> profiles;
    std::vector<std::string> policies;  // none: all of the subject
    std::optional<value::Day> known_on;
    std::optional<std::int32_t> fiscal_year;  // of profiles that do not say theirs
    bool require_eligible = false, brief = false;
};

std::vector<Index> policies_for(const Pack& pack, Index subject) {
    std::vector<Index> policies;
    for (Index i = 0; i < pack.policies.size(); ++i) {
        if (pack.policies[i].subject == subject) policies.push_back(i);
    }
    return policies;
}

// The files are gone through twice: all of them are read before anything is answered, so that one run tells all that is wrong
// with the input, and no more than one profile is in memory at a time.
struct Input {
    std::vector<io::ProfileFile> files;
    std::size_t profiles = 0;
};

std::optional<Input> read_all(const Settings& settings, const Pack& pack, const std::vector<std::string>& paths, Index subject) {
    Input input;
    bool all_read = true;
    for (const std::string& path : paths) {
        auto file = open_profiles(settings, path);
        all_read = file && each_profile(settings, pack, *file, subject, [&input](vm::Profile&&) { return ++input.profiles > 0; }) && all_read;
        if (file) input.files.push_back(std::move(*file));
    }
    if (!all_read) return std::nullopt;
    return input;
}

// Prints answers as they come: one is an object of JSON, several are an array.
class Printer {
public:
    Printer(const Settings& settings, const Pack& pack, const Request& request, std::size_t count)
        : settings_(settings), brief_(request.brief), count_(count), manner_{settings.answer_language(), settings.color_of(Stream::Output), &pack} {
        if (settings.json && count != 1) writer_.begin_array();
    }

    void print(const explain::Answer& answer) {
        if (settings_.json) {
            explain::write_json(writer_, answer, settings_.answer_language());
            return cli::print(VisibleText::lines(writer_.so_far()));
        }
        const bool first = !std::exchange(begun_, true);
        if (!first) print_line();
        if (!first && !brief_) print_line();
        cli::print(brief_ ? explain::say_briefly(answer, manner_) : explain::say(answer, manner_));
    }

    void finish() {
        if (!settings_.json) return;
        if (count_ != 1) writer_.end_array();
        cli::print(VisibleText::lines(writer_.take()));
    }

private:
    const Settings& settings_;
    bool brief_;
    std::size_t count_;
    explain::Manner manner_;
    explain::JsonWriter writer_;
    bool begun_ = false;
};

// The latest for which anything is given.
std::optional<std::int32_t> latest_year(const Pack& pack, const vm::Profile& profile) {
    std::optional<std::int32_t> latest;
    const auto& columns = pack.subjects[profile.subject].columns;
    for (Index column = 0; column < columns.size(); ++column) {
        if (!pack.subjects[columns[column].subject].facts[columns[column].fact()].yearly) continue;
        const auto years = profile.row.years(column);
        if (!years.empty()) latest = std::max(latest.value_or(years.back().year), years.back().year);
    }
    return latest;
}

// The first of them is named, where there are several profiles.
class OldYears {
public:
    void look_at(const Settings& settings, const Pack& pack, const vm::Profile& profile) {
        const auto old = why_years_are_old(settings, latest_year(pack, profile));
        if (old && count_++ == 0) first_ = (profile.company_id.empty() ? "" : profile.company_id + settings.in("：", ": ")) + *old;
    }
    void tell(const Settings& settings) const {
        if (count_ == 0) return;
        const std::string rest = std::to_string(count_ - 1);
        complain(first_ + (count_ == 1 ? "" : settings.in("（另有 " + rest + " 份资料也是如此）", " (and " + rest + " more)")));
    }

private:
    std::size_t count_ = 0;
    std::string first_;
};

// That nothing was asked is no answer to what is required.
void complain_of_no_question(const Settings& settings, const Pack& pack, const std::string& subject) {
    if (pack.policies.empty() || subject.empty()) complain(settings.in("没有可判断的政策或企业，--require 无从成立", "there is no policy or no company for --require to hold"));
    else complain(settings.in("没有以 `" + subject + "` 为对象的政策，--require 无从成立", "no policy is about `" + subject + "`: there is nothing for --require to hold"));
}

bool is_eligible(const explain::Answer& answer) {
    return std::all_of(answer.results.begin(), answer.results.end(), [](const explain::PolicyAnswer& result) { return result.verdict == explain::Verdict::Eligible; });
}

Status check(const Settings& settings, const Request& request) {
    const auto rules = load_rules(settings, {}, Warnings::Hidden);
    if (!rules) return Status::Wrong;
    const auto chosen = chosen_policies(settings, rules->pack, request.policies);
    if (!chosen) return Status::Wrong;
    const auto subject = common_subject(settings, rules->pack, *chosen);
    if (!subject) return Status::Wrong;
    const auto input = read_all(settings, rules->pack, request.profiles, *subject);
    if (!input) return Status::Wrong;
    const explain::Question question{settings.as_of, request.known_on.value_or(value::last_day)};
    Printer printer(settings, rules->pack, request, input->profiles);
    bool all_eligible = true, all_read = true, all_asked = input->profiles > 0;
    std::string not_asked;
    OldYears old_years;
    const auto answer = [&](vm::Profile&& profile) {
        if (!profile.fiscal_year) profile.fiscal_year = request.fiscal_year;
        old_years.look_at(settings, rules->pack, profile);
        const explain::Answer told = explain::answer(rules->pack, chosen->empty() ? policies_for(rules->pack, profile.subject) : *chosen, profile, question);
        printer.print(told);
        if (told.results.empty() && std::exchange(all_asked, false)) not_asked = told.subject;
        all_eligible = all_eligible && is_eligible(told);
        return true;
    };
    for (const io::ProfileFile& file : input->files) all_read = each_profile(settings, rules->pack, file, *subject, answer) && all_read;
    printer.finish();
    old_years.tell(settings);
    if (request.require_eligible && !all_asked) complain_of_no_question(settings, rules->pack, not_asked);
    if (!all_read || (request.require_eligible && !all_asked)) return Status::Wrong;
    return request.require_eligible && !all_eligible ? Status::DidNotHold : Status::Ran;
}

void set_known_on(const Settings& settings, Request& request, const std::string& text) {
    request.known_on = value::parse_date(text);
    if (request.known_on) return;
    throw CLI::ValidationError("--known-on", settings.in("应为日期，如 2018-06-01，现为 \"" + text + "\"", "expected a date such as 2018-06-01, found \"" + text + "\""));
}

}  // namespace

void add_check(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto request = std::make_shared<Request>();
    CLI::App* command = app.add_subcommand("check", settings.in("判断企业能否享受政策，并说明理由", "Whether companies qualify, and why"));
    command->add_option("PROFILE", request->profiles, settings.in("企业资料：JSON、YAML 或 CSV 文件；- 为标准输入", "A company: a JSON, YAML or CSV file; - is standard input"))
        ->required()
        ->type_name("");
    command->add_option("--policy", request->policies, settings.in("只判断这项政策，可重复", "Only this policy; may be repeated"))->type_name("NAME")->allow_extra_args(false);
    command->add_option_function<std::string>(
               "--require",
               [request, &settings](const std::string& wanted) {
                   request->require_eligible = wanted == "eligible";
                   if (!request->require_eligible) throw CLI::ValidationError("--require", settings.in("只能写 eligible", "only `eligible` can be required"));
               },
               settings.in("eligible：有一项不符合条件即以状态 1 退出", "eligible: exit with status 1 unless every verdict is eligible"))
        ->type_name("eligible");
    command->add_option_function<std::string>(
               "--known-on", [request, &settings](const std::string& text) { set_known_on(settings, *request, text); },
               settings.in("只用这一天之前（含当天）公布的规定", "Leave out what was published after this day"))
        ->type_name("DATE");
    command->add_option_function<std::string>(
               "--fiscal-year",
               [request, &settings](const std::string& text) {
                   request->fiscal_year = vm::parse_year(text);
                   if (!request->fiscal_year) throw CLI::ValidationError("--fiscal-year", settings.in("应为 1900 至 2199 之间的年份，如 2017，现为 \"" + text + "\"", "expected a year from 1900 to 2199 such as 2017, found \"" + text + "\""));
               },
               settings.in("资料没有写明时的年度（默认为所问日期的年份）", "The fiscal year of profiles that do not say theirs (default: the year of the day asked about)"))
        ->type_name("YEAR");
    command->add_flag("--brief", request->brief, settings.in("每项政策一行", "One line a policy"));
    command->footer(settings.in("示例：\n", "Example:\n") +
                    "  echo '{\"registered_on\": \"2015-03-01\", \"resident\": true}' | eligo check - --policy high_tech_enterprise --as-of 2018-06-01");
    command->callback([&program, request] { program.run = [&program, request] { return check(program.settings, *request); }; });
}

}  // namespace eligo::cli
