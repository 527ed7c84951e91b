// `eligo check`: companies against policies, with the reasons.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
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

std::vector<explain::Answer> answers(const Pack& pack, const std::vector<vm::Profile>& profiles, const std::vector<Index>& chosen,
                                     const explain::Question& question) {
    std::vector<explain::Answer> all;
    for (const vm::Profile& profile : profiles) {
        const std::vector<Index> policies = chosen.empty() ? policies_for(pack, profile.subject) : chosen;
        all.push_back(explain::answer(pack, policies, profile, question));
    }
    return all;
}

void print_answers(const Settings& settings, const Pack& pack, const Request& request, const std::vector<explain::Answer>& all) {
    if (settings.json) return print(VisibleText::lines(all.size() == 1 ? explain::to_json(all.front(), settings.answer_language()) : explain::to_json(all, settings.answer_language())));
    const explain::Manner manner{settings.answer_language(), settings.color_of(Stream::Output), &pack};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i > 0) print_line();
        if (i > 0 && !request.brief) print_line();
        print(request.brief ? explain::say_briefly(all[i], manner) : explain::say(all[i], manner));
    }
}

bool all_eligible(const std::vector<explain::Answer>& all) {
    const auto eligible = [](const explain::PolicyAnswer& result) { return result.verdict == explain::Verdict::Eligible; };
    return std::all_of(all.begin(), all.end(), [&](const explain::Answer& answer) { return std::all_of(answer.results.begin(), answer.results.end(), eligible); });
}

// Every file is read before anything is answered, so that one run tells all that is wrong with the input.
std::optional<std::vector<vm::Profile>> read_all(const Settings& settings, const Pack& pack, const std::vector<std::string>& paths, Index subject) {
    std::vector<vm::Profile> profiles;
    bool all_read = true;
    for (const std::string& path : paths) {
        auto some = read_profiles(settings, pack, path, subject);
        all_read = all_read && some.has_value();
        if (some) std::move(some->begin(), some->end(), std::back_inserter(profiles));
    }
    if (!all_read) return std::nullopt;
    return profiles;
}

Status check(const Settings& settings, const Request& request) {
    const auto rules = load_rules(settings, {}, Warnings::Hidden);
    if (!rules) return Status::Wrong;
    const auto chosen = chosen_policies(settings, rules->pack, request.policies);
    if (!chosen) return Status::Wrong;
    const auto subject = common_subject(settings, rules->pack, *chosen);
    if (!subject) return Status::Wrong;
    auto profiles = read_all(settings, rules->pack, request.profiles, *subject);
    if (!profiles) return Status::Wrong;
    for (vm::Profile& profile : *profiles) {
        if (!profile.fiscal_year) profile.fiscal_year = request.fiscal_year;
    }
    const explain::Question question{settings.as_of, request.known_on.value_or(value::last_day)};
    const std::vector<explain::Answer> all = answers(rules->pack, *profiles, *chosen, question);
    print_answers(settings, rules->pack, request, all);
    return request.require_eligible && !all_eligible(all) ? Status::DidNotHold : Status::Ran;
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
