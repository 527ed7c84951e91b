// `eligo screen`: a table of companies in, a table of verdicts out.
#include <malloc.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../book/screening_report.hpp"
#include "../book/screening_summary.hpp"
#include "../io/destination.hpp"
#include "../screen/screen.hpp"
#include "../text/suggest.hpp"
#include "../vm/spelling.hpp"
#include "commands.hpp"
#include "policies.hpp"
#include "print.hpp"
#include "rules.hpp"
#include "screen_tell.hpp"

namespace eligo::cli {
namespace {

using bytecode::Index;
using bytecode::Pack;

struct Options {
    std::string input, output, report, summary, rejects, map, only;
    std::optional<std::string> where;
    std::string command;  // as it was given
    std::vector<std::string> policies, lists, top, keep, absent;
    std::optional<value::Day> known_on;
    io::Encoding encoding = io::Encoding::Detect;
    unsigned threads = 0;
    bool resume = false, strict = false, explain = false, excel_safe = false;
};

std::atomic<bool> stop_asked_for{false};

void on_interrupt(int signal) {
    if (!stop_asked_for.exchange(true)) return;
    // The second time it is meant.
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

// A write that is not allowed is an error that is told, not the end without a word.
void take_signals() {
    struct sigaction action{};
    action.sa_handler = on_interrupt;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGXFSZ, SIG_IGN);
}

// What a row of enormous size took goes back at once, and is not kept in case there is another one.
void give_memory_back() {
#ifdef M_MMAP_THRESHOLD
    constexpr int most_kept = 2 * 1024 * 1024;
    (void)mallopt(M_MMAP_THRESHOLD, most_kept);
#endif
}

Index find_policy(const Pack& pack, std::string_view name) {
    for (Index i = 0; i < pack.policies.size(); ++i) {
        if (pack.string(pack.policies[i].name) == name) return i;
    }
    return bytecode::none;
}

// What companies are called in rules that have several vocabularies: what the chosen policies are for, else the first
// vocabulary that a policy is for.
std::string subject_for_where(const Pack& pack, Index subject) {
    for (const bytecode::Policy& policy : pack.policies) {
        if (subject == bytecode::none && !pack.subjects[policy.subject].is_record) subject = policy.subject;
    }
    return subject == bytecode::none ? "" : pack.string(pack.subjects[subject].name);
}

struct Loaded {
    Rules rules;
    std::vector<Index> policies;
    Index subject = bytecode::none;
    Index where = bytecode::none;
    std::string rules_hash = {};  // of the rules without `where`; empty where there is none
};

std::optional<Loaded> load(const Settings& settings, const Options& options) {
    auto rules = load_rules(settings, {}, Warnings::Hidden);
    if (!rules) return std::nullopt;
    auto chosen = chosen_policies(settings, rules->pack, options.policies);
    if (!chosen) return std::nullopt;
    auto subject = common_subject(settings, rules->pack, *chosen);
    if (!subject) return std::nullopt;
    if (!options.where) return Loaded{std::move(*rules), std::move(*chosen), *subject, bytecode::none};
    if (!rules->from_sources) {
        complain(settings.in("--where 要与政策一起编译，请用 --rules 给出 .policy 源文件，而不是编译后的包", "--where is compiled together with the policies: name .policy sources with --rules, not a compiled pack"));
        return std::nullopt;
    }
    const std::string hash = screen::hash_of(rules->pack);
    const api::Selection selection{subject_for_where(rules->pack, *subject), *options.where};
    rules = load_rules(settings, {}, Warnings::Hidden, &selection);
    if (!rules) return std::nullopt;
    chosen = chosen_policies(settings, rules->pack, options.policies);
    const Index where = find_policy(rules->pack, api::selection_name);
    *subject = rules->pack.policies[where].subject;
    return Loaded{std::move(*rules), std::move(*chosen), *subject, where, hash};
}

std::optional<std::vector<screen::ListInput>> list_inputs(const Settings& settings, const std::vector<std::string>& texts) {
    std::vector<screen::ListInput> lists;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
            complain(settings.in("--list 应写作 列表=文件，如 --list rd_projects=projects.csv，现为 \"" + text + "\"", "--list is written LIST=FILE, as in --list rd_projects=projects.csv, found \"" + text + "\""));
            return std::nullopt;
        }
        lists.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    return lists;
}

// "BENEFIT" is enough where one policy alone has it.
std::optional<std::string> benefit_column(const Settings& settings, const Pack& pack, const std::vector<Index>& chosen, Index where, const std::string& wanted) {
    std::vector<std::string> known, found;
    for (Index i = 0; i < pack.policies.size(); ++i) {
        if (i == where || (!chosen.empty() && std::find(chosen.begin(), chosen.end(), i) == chosen.end())) continue;
        for (const auto& version : pack.policies[i].versions) {
            for (const auto& benefit : version.benefits) {
                const std::string& name = pack.string(benefit.name);
                const std::string whole = pack.string(pack.policies[i].name) + "." + name;
                if (std::find(known.begin(), known.end(), whole) != known.end()) continue;
                known.push_back(whole);
                if (wanted == name || wanted == whole) found.push_back(whole);
            }
        }
    }
    if (found.size() == 1) return found.front();
    if (found.size() > 1) {
        complain(settings.in("有多项政策给出 `" + wanted + "`，请写作 `" + found[0] + "` 或 `" + found[1] + "`", "several policies give `" + wanted + "`: write `" + found[0] + "` or `" + found[1] + "`"));
        return std::nullopt;
    }
    const auto near = text::nearest(wanted, known);
    complain(settings.in("没有优惠 `" + wanted + "`", "there is no benefit `" + wanted + "`") + (near ? settings.in("，您是要用 `" + *near + "` 吗？", "; did you mean `" + *near + "`?") : ""));
    return std::nullopt;
}

std::optional<screen::Request> request_of(const Settings& settings, const Options& options, const Loaded& loaded) {
    screen::Request request;
    request.pack = &loaded.rules.pack;
    request.subject = loaded.subject;
    request.policies = loaded.policies;
    request.where = loaded.where;
    request.where_text = options.where.value_or("");
    request.rules_hash = loaded.rules_hash;
    request.question = {settings.as_of, options.known_on.value_or(value::last_day)};
    request.input = options.input;
    auto lists = list_inputs(settings, options.lists);
    if (!lists) return std::nullopt;
    request.lists = std::move(*lists);
    request.encoding = options.encoding;
    if (!options.map.empty()) {
        std::vector<io::Problem> problems;
        auto map = io::read_column_map(options.map, problems);
        tell_problems(settings, problems);
        if (!map) return std::nullopt;
        request.reading.map = std::move(*map);
    }
    for (const std::string& text : options.absent) request.reading.absent.texts.emplace_back(vm::trimmed(text));
    request.also_read = loaded.rules.read;
    if (!options.map.empty()) request.also_read.push_back(options.map);
    request.command = options.command;
    request.output = options.output == "-" ? "" : options.output;
    const auto kind = screen::output_kind_of(request.output);
    if (!kind && io::leads_to_file(request.output)) {
        complain(settings.in("输出文件应以 .csv、.tsv、.ndjson（可再加 .gz、.zst）、.db、.sqlite 或 .xlsx 结尾，现为 \"" + request.output + "\"",
                             "an output ends in .csv, .tsv, .ndjson (also .gz or .zst behind it), .db, .sqlite or .xlsx, found \"" + request.output + "\""));
        return std::nullopt;
    }
    request.kind = kind.value_or(settings.json ? screen::OutputKind::Ndjson : screen::OutputKind::Csv);
    request.keep = options.keep;
    request.rejects = options.rejects;
    request.detail = !options.report.empty() || !options.summary.empty();
    request.strict = options.strict;
    request.resume = options.resume;
    request.only_eligible = !options.only.empty();
    request.cells = options.excel_safe ? screen::Cells::SafeInExcel : screen::Cells::AsTheyAre;
    request.reasons = options.explain ? screen::Reasons::Added : screen::Reasons::LeftOut;
    if (!options.top.empty()) {
        const auto column = benefit_column(settings, loaded.rules.pack, loaded.policies, loaded.where, options.top[1]);
        if (!column) return std::nullopt;
        request.top = screen::Top{std::stoull(options.top[0]), *column};
    }
    request.threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    request.language = settings.answer_language();
    request.stop = &stop_asked_for;
    return request;
}

Status status_of(screen::Ending ending) {
    switch (ending) {
        case screen::Ending::Whole: return Status::Ran;
        case screen::Ending::Interrupted: return Status::Interrupted;
        case screen::Ending::StoppedAtBad:
        case screen::Ending::InputFailed:
        case screen::Ending::OutputFailed:
        case screen::Ending::Failed:
        case screen::Ending::CannotStart: break;
    }
    return Status::Wrong;
}

Status screen(const Settings& settings, const Options& options) {
    const auto loaded = load(settings, options);
    if (!loaded) return Status::Wrong;
    auto request = request_of(settings, options, *loaded);
    if (!request) return Status::Wrong;
    const book::ReportContext context{request->pack, request->question, request->input, request->output, options.command, settings.answer_language()};
    if (!options.report.empty()) request->summaries.push_back({options.report, "--report", [context](const screen::Outcome& outcome) { return book::screening_report(outcome, context); }});
    if (!options.summary.empty()) request->summaries.push_back({options.summary, "--summary", [context](const screen::Outcome& outcome) { return book::screening_summary(outcome, context); }});
    take_signals();
    give_memory_back();
    Teller teller(settings, *request, isatty(STDERR_FILENO) == 1);
    const screen::Outcome outcome = screen::screen(*request, teller.listener());
    teller.tell_end(outcome);
    return status_of(outcome.ending);
}

template <class Value>
void add_date(CLI::App& command, const Settings& settings, const std::string& name, std::shared_ptr<Options> options, std::optional<Value> Options::*member, const std::string& description) {
    command.add_option_function<std::string>(
               name,
               [=, &settings](const std::string& text) {
                   (*options).*member = value::parse_date(text);
                   if (!((*options).*member)) throw CLI::ValidationError(name, settings.in("应为日期，如 2018-06-01，现为 \"" + text + "\"", "expected a date such as 2018-06-01, found \"" + text + "\""));
               },
               description)
        ->type_name("DATE");
}

void add_what_to_ask(CLI::App& command, const Settings& settings, const std::shared_ptr<Options>& options) {
    command.add_option("--policy", options->policies, settings.in("只判断这项政策，可重复", "Only this policy; may be repeated"))->type_name("NAME")->allow_extra_args(false);
    add_date(command, settings, "--known-on", options, &Options::known_on, settings.in("只用这一天之前（含当天）公布的规定", "Leave out what was published after this day"));
    command.add_option("--where", options->where, settings.in("只看符合这个条件的企业：政策语言的表达式", "Only companies for which this holds: an expression of the policy language"))->type_name("EXPR");
    command.add_option_function<std::string>(
               "--only",
               [options, &settings](const std::string& wanted) {
                   options->only = wanted;
                   if (wanted != "eligible") throw CLI::ValidationError("--only", settings.in("只能写 eligible", "only `eligible` can stand here"));
               },
               settings.in("eligible：只输出至少符合一项政策的企业", "eligible: write only companies that are eligible for something"))
        ->type_name("eligible");
    command.add_option_function<std::vector<std::string>>(
               "--top",
               [options, &settings](const std::vector<std::string>& values) {
                   options->top = values;
                   const bool number = !values[0].empty() && values[0].size() <= 7 && values[0].find_first_not_of("0123456789") == std::string::npos;
                   if (!number) throw CLI::ValidationError("--top", settings.in("应先写家数，如 --top 100 deduction，现为 \"" + values[0] + "\"", "a number comes first, as in --top 100 deduction, found \"" + values[0] + "\""));
                   if (std::stoull(values[0]) > screen::Top::most) {
                       const std::string most = std::to_string(screen::Top::most);
                       throw CLI::ValidationError("--top", settings.in("至多 " + most + " 家；更多时请写出全部结果（-o 文件.db）再排序", "at most " + most + "; for more, write all of them (-o file.db) and sort there"));
                   }
               },
               settings.in("只输出某项优惠最高的 N 家，由高到低", "Only the N companies with the highest benefit, the highest first"))
        ->type_name("N BENEFIT")
        ->expected(2);
    command.add_flag("--explain", options->explain, settings.in("加一列理由：未通过的条款，或尚缺的事实", "Add a column of reasons: the clauses that fail, or the facts still needed"));
}

void add_input(CLI::App& command, const Settings& settings, const std::shared_ptr<Options>& options) {
    command.add_option("INPUT", options->input,
                       settings.in("企业表：CSV、TSV、NDJSON、SQLite（file.db?table=表名）、Excel、ODS（file.xlsx?table=工作表），可用 .gz、.zst 压缩；- 为标准输入",
                                   "The companies: CSV, TSV, NDJSON, SQLite (file.db?table=NAME), Excel, ODS (file.xlsx?table=SHEET); .gz and .zst are unpacked; - is standard input"))
        ->required()
        ->type_name("");
    command.add_option("--list", options->lists, settings.in("列表类事实的表，按 company_id 对应，可重复", "The table of a list, by company_id; may be repeated"))->type_name("LIST=FILE")->allow_extra_args(false);
    command.add_option("--map", options->map, settings.in("列名与事实的对照表（CSV：列名、事实，可加一列单位）", "Which column is which fact (a CSV of two columns, and a third for the unit)"))->type_name("FILE");
    command.add_option("--absent", options->absent, settings.in("这些文字的单元格视为空，如 --absent N/A - / 无", "Cells of these texts say nothing, as in --absent N/A - / 无"))
        ->type_name("TEXT...")
        ->expected(1, 100)
        ->each([&settings](const std::string& text) {
            if (vm::trimmed(text).empty() || vm::trimmed(text) == "?") throw CLI::ValidationError("--absent", settings.in("空单元格本来就是空，? 表示不知道；应写别的文字", "an empty cell is empty as it is, and ? means unknown; name another text"));
        });
    command.add_option_function<std::string>(
               "--encoding",
               [options, &settings](const std::string& text) {
                   if (text == "utf-8" || text == "utf8") options->encoding = io::Encoding::Utf8;
                   else if (text == "gb18030" || text == "gbk" || text == "gb2312") options->encoding = io::Encoding::Gb18030;
                   else if (text != "auto") throw CLI::ValidationError("--encoding", settings.in("应为 auto、utf-8 或 gb18030，现为 \"" + text + "\"", "expected auto, utf-8 or gb18030, found \"" + text + "\""));
               },
               settings.in("输入的编码：auto、utf-8 或 gb18030", "The encoding of the input: auto, utf-8 or gb18030"))
        ->type_name("NAME");
}

void add_outputs(CLI::App& command, const Settings& settings, const std::shared_ptr<Options>& options) {
    command.add_option("-o,--output", options->output, settings.in("结果：按结尾为 .csv、.tsv、.ndjson（可再加 .gz、.zst）、.db 或 .xlsx；不写则为标准输出", "The verdicts: .csv, .tsv, .ndjson (.gz, .zst), .db or .xlsx by its ending; without it, standard output"))->type_name("FILE");
    command.add_option("--keep", options->keep, settings.in("把输入的这些列原样带到结果中，可重复", "Columns of the input to carry through to the output; may be repeated"))->type_name("COLUMN");
    command.add_option("--report", options->report, settings.in("报告：一个自足的 HTML 文件", "A report: one HTML file that needs nothing else"))->type_name("FILE");
    command.add_option("--summary", options->summary, settings.in("报告中的全部数字，JSON", "All numbers of the report, as JSON"))->type_name("FILE");
    command.add_option("--rejects", options->rejects, settings.in("有误的行（默认在结果旁边，名为 ….rejects.csv）", "The rows that are wrong (default: beside the output, ….rejects.csv)"))->type_name("FILE");
    command.add_flag("--excel-safe", options->excel_safe, settings.in("CSV 中以 = + - @ 等开头的文本前加撇号，免得 Excel 当作公式", "In CSV, an apostrophe before texts that Excel would take for a formula (= + - @ …)"));
    command.add_flag("--strict", options->strict, settings.in("遇到第一个有误的行即停止，状态 2", "Stop at the first row that is wrong, with status 2"));
    command.add_flag("--resume", options->resume, settings.in("接着做被中断的一次", "Go on with a run that was interrupted"));
    command.add_option("--threads", options->threads, settings.in("线程数（默认与处理器相同）", "Threads (default: one a processor)"))->type_name("N")->check(CLI::Range(1U, 256U).description(""));
}

}  // namespace

void add_screen(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto options = std::make_shared<Options>();
    options->command = program.command_line;
    CLI::App* command = app.add_subcommand("screen", settings.in("批量筛查：一张企业表进，一张结论表出", "Bulk: a table of companies in, a table of verdicts out"));
    add_input(*command, settings, options);
    add_outputs(*command, settings, options);
    add_what_to_ask(*command, settings, options);
    command->footer(settings.in("示例：\n", "Example:\n") +
                    "  printf 'company_id,registered_on,resident\\nA,2015-03-01,true\\n' | eligo screen - --policy high_tech_enterprise --as-of 2018-06-01\n"
                    "  eligo screen companies.csv -o verdicts.csv --as-of 2018-06-01");
    command->callback([&program, options] { program.run = [&program, options] { return screen(program.settings, *options); }; });
}

}  // namespace eligo::cli
