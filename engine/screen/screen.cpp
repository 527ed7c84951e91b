#include "screen.hpp"

#include <nettle/sha2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <new>
#include <system_error>
#include <utility>

#include "../bytecode/image.hpp"
#include "../io/files.hpp"
#include "../io/formats.hpp"
#include "../io/output_file.hpp"
#include "../io/packed_file.hpp"
#include "../io/table_writer.hpp"
#include "../text/suggest.hpp"
#include "../value/date.hpp"
#include "checkpoint.hpp"

namespace eligo::screen {
namespace {

using Clock = std::chrono::steady_clock;

std::string hex(const std::uint8_t* bytes, std::size_t count) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

std::string sha256(std::string_view bytes) {
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    sha256_digest(&context, digest.size(), digest.data());
    return hex(digest.data(), digest.size());
}

// What tells one version of a file from another without reading all of it: size, time of change, how it begins.
std::string identity_of(const std::string& input) {
    const std::string path = io::place_of(input).path;
    struct stat status{};
    if (path == "-" || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return input;
    std::string begun(64 * 1024, '\0');
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) return input;
    begun.resize(std::fread(begun.data(), 1, begun.size(), file));
    std::fclose(file);
    return input + " " + std::to_string(status.st_size) + " " + std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec) + " " + sha256(begun);
}

io::Problem cannot(const std::string& file, std::string chinese, std::string english) {
    io::Problem problem = io::malformed({}, std::move(chinese), std::move(english));
    problem.kind = io::ProblemKind::CannotRead;
    problem.file = file;
    return problem;
}

std::string default_rejects(const std::string& given) {
    std::string output = io::place_of(given).path;
    if (io::packing_of(output) != io::Packing::None) output.erase(output.rfind('.'));
    const std::size_t slash = output.rfind('/'), dot = output.rfind('.');
    const bool ending = dot != std::string::npos && dot > 0 && (slash == std::string::npos || dot > slash + 1);
    return (ending ? output.substr(0, dot) : output) + ".rejects.csv";
}

// ---- one run

class Run {
public:
    Run(Request request, const Listener& listener) : request_(std::move(request)), listener_(listener) {}

    Outcome run() {
        const auto begun = Clock::now();
        if (!claim_outputs() || !open_table() || !match() || !find_same_ids() || !open_outputs()) {
            remove_new_outputs();
            // What was read by then was cut off, whatever it looked like.
            if (is_stopped()) {
                outcome_.ending = Ending::Interrupted;
                outcome_.problems.clear();
            }
            return std::move(outcome_);
        }
        tell_start();
        if (!done_already_) work();
        if (outcome_.ending == Ending::Whole || done_already_) finish();
        outcome_.time = Clock::now() - begun;
        return std::move(outcome_);
    }

private:
    [[nodiscard]] bool is_stopped() const { return request_.stop != nullptr && request_.stop->load(); }

    [[nodiscard]] bool refuse(io::Problem problem) {
        outcome_.problems.push_back(std::move(problem));
        return false;
    }

    // Before anything is read: who may not write need not wait for it.
    bool claim_outputs() {
        io::Intent intent;
        intent.command = request_.command;
        intent.inputs = request_.also_read;
        intent.inputs.push_back(io::place_of(request_.input).path);
        for (const ListInput& list : request_.lists) intent.inputs.push_back(io::place_of(list.input).path);
        intent.outputs.push_back({output_path(), "-o", std::string(checkpoint_ending), std::string(checkpoint_title)});
        for (const Summary& summary : request_.summaries) intent.outputs.push_back({summary.path, summary.role});
        const std::size_t summaries = intent.outputs.size();
        if (const std::string rejects = rejects_path(); !rejects.empty()) intent.outputs.push_back({rejects, "--rejects"});
        auto claimed = io::claim(intent, outcome_.problems);
        if (!claimed) return false;
        destinations_ = std::move(*claimed);
        output_to_ = &destinations_.front();
        if (destinations_.size() > summaries) rejects_to_ = &destinations_.back();
        return rejects_may_be_replaced();
    }

    // Under the default name, which nobody has asked for, only rejected rows of an earlier run are replaced.
    bool rejects_may_be_replaced() {
        if (rejects_to_ == nullptr || !request_.rejects.empty()) return true;
        std::ifstream stream(rejects_to_->path());
        std::string line;
        if (!stream || !std::getline(stream, line) || line + "\n" == reject_header()) return true;
        return refuse(cannot(rejects_path(), "这里已有一个别的文件，不会用有误的行替换它；请用 --rejects 写明另一个文件", "there is another file, which rejected rows do not replace; say with --rejects where they shall go"));
    }

    bool to_file() const { return io::leads_to_file(output_path()); }
    // Of a database without the table in it.
    std::string output_path() const { return request_.kind == OutputKind::Sqlite ? io::place_of(request_.output).path : request_.output; }
    // Whether rows go to the output itself, or to a table of their own that the output is made of at the end.
    bool direct() const { return rows_as_they_go_out() && packing() == io::Packing::None; }
    bool rows_as_they_go_out() const { return !request_.top && (request_.kind == OutputKind::Csv || request_.kind == OutputKind::Ndjson); }
    RowFormat row_format() const { return rows_as_they_go_out() && request_.kind == OutputKind::Ndjson ? RowFormat::Ndjson : RowFormat::Csv; }
    io::Packing packing() const { return io::packing_of(request_.output); }

    io::TableOptions options() const {
        io::TableOptions options;
        options.stream = {request_.encoding, request_.stop};
        options.chunk_bytes = chunk_bytes_for(request_.threads);
        return options;
    }

    // Where lists are joined by ids, the table is gone through once for these alone: what comes by a pipe is kept for that.
    bool open_table() {
        const std::string path = io::place_of(request_.input).path;
        if (!request_.lists.empty() && !io::can_be_read_again(path)) {
            kept_input_ = io::open_to_read_again(path, outcome_.problems);
            if (!kept_input_) return false;
        }
        table_ = io::open_table(input(), options(), outcome_.problems);
        if (!table_) {
            for (io::Problem& problem : outcome_.problems) problem.file = path;
            return false;
        }
        outcome_.table_header = table_->header();
        return true;
    }

    std::string input() const { return kept_input_ ? "/dev/fd/" + std::to_string(fileno(kept_input_.get())) : request_.input; }

    // Two companies with one id would share their lists.
    bool find_same_ids() {
        constexpr std::size_t most = 1'000'000;
        if (children_.empty()) return true;
        if (!matching_.has_company) return refuse(cannot(request_.input, "与列表对应的企业表要有 company_id 列", "a table of companies with lists has a column company_id"));
        SameIds same = same_ids(most);
        if (!outcome_.problems.empty() || is_stopped()) return false;
        if (!same.is_whole) return refuse(cannot(request_.input, "重复的编号多于" + std::to_string(most) + "个，或没有空间逐一比较，无法与列表对应", "more than " + std::to_string(most) + " ids occur more than once, or there is no room to compare them all: lists cannot be joined by them"));
        outcome_.same_ids = same;
        children_.set_same_ids(std::move(same));
        return true;
    }

    SameIds same_ids(std::size_t most_kept) {
        Ids ids;
        if (const auto table = io::open_table(input(), options(), outcome_.problems)) {
            each_id(*request_.pack, request_.subject, *table, matching_, *finder_, request_.stop, ids);
            if (table->failure()) outcome_.problems.push_back(*table->failure());
        }
        return ids.finish(most_kept);
    }

    // The vocabulary with policies that knows most of the columns, where the request does not say.
    void choose_subject() {
        const bytecode::Pack& pack = *request_.pack;
        if (request_.subject == bytecode::none) {
            std::ptrdiff_t most = -1;
            for (bytecode::Index subject = 0; subject < pack.subjects.size(); ++subject) {
                const bool asked = std::any_of(pack.policies.begin(), pack.policies.end(), [&](const bytecode::Policy& policy) { return policy.subject == subject; });
                if (pack.subjects[subject].is_record || !asked) continue;
                const io::ColumnFinder finder(pack, subject, request_.reading.map);
                const auto& header = table_->header();
                const auto known = std::count_if(header.begin(), header.end(), [&](const std::string& name) { return finder.find(name).column != bytecode::none; });
                if (known > most) request_.subject = subject;
                most = std::max(most, known);
            }
        }
        if (!request_.policies.empty()) return;
        for (bytecode::Index policy = 0; policy < pack.policies.size(); ++policy) {
            if (pack.policies[policy].subject == request_.subject && policy != request_.where) request_.policies.push_back(policy);
        }
    }

    bool match() {
        choose_subject();
        const bytecode::Pack& pack = *request_.pack;
        if (request_.policies.empty()) return refuse(cannot("", "规则中没有可以判断的政策", "the rules have no policy that could be asked"));
        finder_ = std::make_unique<io::ColumnFinder>(pack, request_.subject, request_.reading.map);
        std::vector<bytecode::Index> further;
        if (request_.detail) {
            for (const Grouping& grouping : groupings_of(pack, request_.subject)) further.push_back(grouping.column);
        }
        std::vector<bytecode::Index> policies = request_.policies;
        if (request_.where != bytecode::none) policies.push_back(request_.where);
        work_.needs = needs_of(pack, request_.subject, policies, request_.question, further);
        work_.needs.policies = request_.policies;
        if (!children_.load(pack, work_.needs, request_.lists, request_.reading, options(), std::max<std::size_t>(1, request_.threads), outcome_.problems, start_.lists)) return false;
        if (is_stopped()) return false;
        matching_ = match_columns(pack, work_.needs, *finder_, *table_, children_);
        matching_.absent = request_.reading.absent;
        for (io::Problem& problem : matching_.problems) {
            problem.file = io::place_of(request_.input).path;
            outcome_.problems.push_back(problem);
        }
        if (!outcome_.problems.empty()) return false;
        const bool by_row = matching_.has_fiscal_year || table_->rows_are_trees();
        plan_.emplace(plan_of(pack, work_.needs, request_.where, by_row ? FiscalYears::ByRow : FiscalYears::OfTheDay, request_.detail ? Clauses::Told : Clauses::Untold));
        work_.plan = &*plan_;
        outcome_.columns = columns_of(pack, work_.needs, *plan_);
        outcome_.layout = std::make_unique<TallyLayout>(pack, work_.needs, outcome_.columns, table_->header().size(), request_.detail);
        outcome_.tally = std::make_unique<Tally>(*outcome_.layout);
        work_.pack = &pack;
        work_.columns = outcome_.columns;
        work_.finder = finder_.get();
        work_.matching = &matching_;
        work_.children = &children_;
        work_.layout = outcome_.layout.get();
        if (!find_kept()) return false;
        work_.format = row_format();
        work_.reasons = request_.reasons;
        work_.language = request_.language;
        work_.only_eligible = request_.only_eligible;
        work_.where = request_.where;
        work_.threads = std::max<std::size_t>(1, request_.threads);
        work_.is_read_once = !io::can_be_read_again(io::place_of(request_.input).path);
        work_.cells = rows_as_they_go_out() ? request_.cells : Cells::AsTheyAre;
        work_.reject_cells = request_.cells;
        outcome_.pack_hash = request_.rules_hash.empty() ? hash_of(pack) : request_.rules_hash;
        return choose_top();
    }

    // The columns to carry through, each once, under names that the output has not got already.
    bool find_kept() {
        std::vector<std::string> taken = output_header(work_.columns, Reasons::Added);
        const auto& header = table_->header();
        std::vector<bool> read = matching_.read(header);
        for (const std::string& name : request_.keep) {
            const auto found = std::find(header.begin(), header.end(), name);
            // Of profiles, the header spells members out, and what holds them is a key as well.
            const bool holds_others = table_->rows_are_trees() && std::any_of(header.begin(), header.end(), [&](const std::string& each) { return each.starts_with(name + "."); });
            if (found == header.end() && !holds_others) {
                const auto near = text::nearest(name, header);
                return refuse(cannot(io::place_of(request_.input).path, "--keep：没有列“" + name + "”" + (near ? "，是否应为“" + *near + "”？" : ""),
                                     "--keep: there is no column \"" + name + "\"" + (near ? "; did you mean \"" + *near + "\"?" : "")));
            }
            if (std::find(taken.begin(), taken.end(), name) != taken.end()) {
                return refuse(cannot("", "--keep：结果中已有列“" + name + "”", "--keep: the output has a column \"" + name + "\" already"));
            }
            taken.push_back(name);
            work_.kept.push_back({name, static_cast<std::size_t>(found - header.begin())});
            if (found != header.end()) read[work_.kept.back().column] = true;
            std::erase_if(matching_.unmatched, [&](const std::string& each) { return each == name || (holds_others && each.starts_with(name + ".")); });
        }
        table_->read_only(read);
        return true;
    }

    bool choose_top() {
        if (!request_.top) return true;
        const std::vector<std::string> header = output_header(work_.columns, request_.reasons, work_.kept);
        for (std::size_t i = 1; i < header.size(); ++i) {
            if (header[i] == request_.top->benefit) top_column_ = i;
        }
        top_may_be_open_ = top_column_ + 1 < header.size() && header[top_column_ + 1] == header[top_column_] + ".from";
        return top_column_ != 0 || refuse(cannot("", "没有输出列“" + request_.top->benefit + "”", "the output has no column \"" + request_.top->benefit + "\""));
    }

    // ---- outputs

    Checkpoint now() const {
        Checkpoint checkpoint;
        auto& same = checkpoint.same;
        same.emplace_back("rules", outcome_.pack_hash);
        same.emplace_back("input", identity_of(request_.input));
        for (const ListInput& list : request_.lists) same.emplace_back("list " + list.list, identity_of(list.input));
        std::string policies;
        for (const PolicyColumns& policy : work_.columns) policies += policy.name + " ";
        same.emplace_back("--policy", policies);
        same.emplace_back("--as-of", value::format_date(request_.question.as_of));
        same.emplace_back("--known-on", value::format_date(request_.question.known_on));
        same.emplace_back("--where", request_.where_text);
        same.emplace_back("--only", request_.only_eligible ? "eligible" : "");
        same.emplace_back("--explain", request_.reasons == Reasons::Added ? "yes" : "");
        std::string kept;
        for (const Kept& each : work_.kept) kept += each.name + ";";
        same.emplace_back("--keep", kept);
        same.emplace_back("--excel-safe", request_.cells == Cells::SafeInExcel ? "yes" : "");
        same.emplace_back("--top", request_.top ? std::to_string(request_.top->count) + " " + request_.top->benefit : "");
        same.emplace_back("--report", request_.detail ? "yes" : "");
        same.emplace_back("--rejects", rejects_path());
        same.emplace_back("--lang", request_.language == explain::Language::Chinese ? "zh" : "en");
        same.emplace_back("--encoding", std::to_string(static_cast<int>(request_.encoding)));
        std::string map;
        for (const auto& [column, mapped] : request_.reading.map) map += column + "=" + mapped.fact + (mapped.unit.empty() ? "" : "," + mapped.unit) + ";";
        same.emplace_back("--map", map);
        std::string absent;
        for (const std::string& text : request_.reading.absent.texts) absent += text + ";";
        same.emplace_back("--absent", absent);
        return checkpoint;
    }

    std::string rejects_path() const {
        if (!request_.rejects.empty()) return request_.rejects;
        return to_file() ? default_rejects(request_.output) : std::string();
    }

    bool open_outputs() {
        state_ = now();
        if (request_.kind == OutputKind::Sqlite) {
            if (auto problem = io::why_no_table(*output_to_, table_name(), output_header(work_.columns, request_.reasons, work_.kept))) return refuse(std::move(*problem));
        } else if (request_.kind == OutputKind::Excel && !output_to_->is_file()) {
            return refuse(cannot(request_.output, "Excel 工作簿只能写成文件", "a workbook can only be written as a file"));
        }
        start_.nothing_to_resume = request_.resume;
        if (!can_be_gone_on_with()) return create_outputs();
        const auto before = read_checkpoint(output_to_->record());
        start_.left_over = before && !request_.resume;
        start_.nothing_to_resume = !before && request_.resume;
        if (before && request_.resume) return resume(*before);
        std::remove(output_to_->record().c_str());
        return create_outputs();
    }

    bool can_be_gone_on_with() const { return output_to_->is_file(); }

    bool create_outputs() {
        if (!direct() && !output_to_->is_file()) {
            spool_ = std::tmpfile();
            if (spool_ == nullptr) return refuse(io::cannot_write("", errno));
            output_.use(fileno(spool_));
        } else if (!output_.create(*output_to_)) {
            return refuse(io::cannot_write(request_.output, output_.error()));
        }
        new_outputs_ = true;
        if (rejects_to_ != nullptr) {
            if (!rejects_.create(*rejects_to_) || !rejects_.append(reject_header())) return refuse(io::cannot_write(rejects_path(), rejects_.error()));
        }
        if (row_format() == RowFormat::Csv && !output_.append(csv_line(output_header(work_.columns, request_.reasons, work_.kept), work_.cells))) return refuse(io::cannot_write(request_.output, output_.error()));
        return true;
    }

    // What was begun and has no rows yet is nobody's loss.
    void remove_new_outputs() {
        if (!new_outputs_) return;
        output_.discard();
        rejects_.discard();
    }

    bool resume(const Checkpoint& before) {
        if (const auto changed = changed_since(before, state_)) {
            return refuse(cannot(request_.output, "不能接着做：自中断以来“" + *changed + "”已改变；去掉 --resume 可从头开始",
                                 "cannot go on: `" + *changed + "` has changed since the interruption; without --resume it begins anew"));
        }
        const bool counted = outcome_.tally->set(before.tally) && (*outcome_.tally)[TallyLayout::Rows] >= 0 && value::fits_int64((*outcome_.tally)[TallyLayout::Rows]);
        if (!counted || !children_.set_asked_for(before.lists)) {
            return refuse(cannot(output_to_->named() + std::string(checkpoint_ending), "续作记录无法读取；去掉 --resume 可从头开始", "the record of the interrupted run cannot be read; without --resume it begins anew"));
        }
        state_ = before;
        done_already_ = before.complete;
        resumed_ = has_record_ = true;
        start_.resumed_rows = outcome_.rows_before = static_cast<std::uint64_t>((*outcome_.tally)[TallyLayout::Rows]);
        if (!take_up(output_, output_to_, before.output_size, before.output_sum) || !take_up(rejects_, rejects_to_, before.rejects_size, before.rejects_sum)) return false;
        if (done_already_) return true;
        return table_->go_to(before.position) || refuse(cannot(request_.input, "输入比中断时短，不能接着做", "the input is shorter than when it was interrupted; cannot go on"));
    }

    // Of a complete run some files may have their names already.
    bool take_up(io::OutputFile& file, const io::Destination* to, std::uint64_t size, std::uint64_t sum) {
        if (to == nullptr) return true;
        if (done_already_ && ::access(to->partial().c_str(), F_OK) != 0) return true;
        return file.take_up(*to, size, sum) || refuse(io::cannot_write(to->named() + ".partial", file.error()));
    }

    void tell_start() {
        start_.matching = &matching_;
        start_.turned_from = table_->turned_from();
        start_.finder = finder_.get();
        if (listener_.on_start) listener_.on_start(start_);
    }

    // ---- the work

    void work() {
        outcome_.ending = Ending::Whole;
        const std::atomic<bool> never{false};
        work_.stop = request_.stop != nullptr ? request_.stop : &never;
        last_checkpoint_ = Clock::now();
        std::optional<io::Problem> failure;
        try {
            failure = run_pipeline(work_, *table_, [this](const ChunkResult& result) { return take(result); });
        } catch (const std::bad_alloc&) {
            failed("内存不足；可用 --threads 1 少占内存", "there is not enough memory; --threads 1 takes less");
        } catch (const std::system_error& error) {
            failed("无法启动线程（" + error.code().message() + "）；可用 --threads 1", "a thread cannot be started (" + error.code().message() + "); use --threads 1");
        } catch (const std::exception& error) {
            failed(error.what(), error.what());
        }
        outcome_.ends_without_line_end = table_->ends_without_line_end();
        std::sort(outcome_.unknown.begin(), outcome_.unknown.end(), [](const UnknownKey& a, const UnknownKey& b) { return a.line != b.line ? a.line < b.line : a.name < b.name; });
        if (outcome_.ending != Ending::Whole) return stop_without_end();
        if (is_stopped()) {
            outcome_.ending = Ending::Interrupted;
        } else if (failure) {
            outcome_.ending = Ending::InputFailed;
            outcome_.problems.push_back(*failure);
            outcome_.problems.back().file = io::place_of(request_.input).path;
        } else {
            compare_ids();
            return orphans();
        }
        stop_without_end();
    }

    // A run that has gone on has not seen the rows before; a pipe cannot be asked for them.
    void compare_ids() {
        if (!children_.empty() || !matching_.has_company) return;
        const bool again = !work_.is_read_once && (resumed_ || ids_.must_see_all());
        outcome_.same_ids = again ? same_ids(0) : ids_.finish(0);
    }

    void failed(std::string chinese, std::string english) {
        outcome_.ending = Ending::Failed;
        outcome_.problems.push_back(cannot("", std::move(chinese), std::move(english)));
    }

    bool take(const ChunkResult& result) {
        if (request_.strict && !result.first_rejects.empty()) {
            outcome_.first_rejects.push_back(result.first_rejects.front());
            outcome_.ending = Ending::StoppedAtBad;
            return false;
        }
        if (!output_.append(result.rows.view())) return output_failed(request_.output, output_.error());
        if (rejects_.is_open() && !rejects_.append(result.rejects)) return output_failed(rejects_path(), rejects_.error());
        outcome_.tally->add(result.tally);
        count(TallyLayout::ManyLines, result.many_lines);
        count(TallyLayout::NoId, result.ids.missing);
        count(TallyLayout::OddId, result.ids.odd);
        ids_.add(result.ids);
        note_unknown(result.unknown);
        for (const Reject& reject : result.first_rejects) {
            if (outcome_.first_rejects.size() < 20) outcome_.first_rejects.push_back(reject);
        }
        state_.position = result.end;
        if (listener_.on_progress) {
            listener_.on_progress({table_->progress(), static_cast<std::uint64_t>((*outcome_.tally)[TallyLayout::Rows]), outcome_.rows_before});
        }
        return checkpoint_when_due();
    }

    // Behind each such counter stands the line of the first row that it counts.
    void count(std::size_t counter, const io::CountedRows& rows) {
        if ((*outcome_.tally)[counter] == 0) outcome_.tally->add(counter + 1, static_cast<std::int64_t>(rows.first));
        outcome_.tally->add(counter, static_cast<std::int64_t>(rows.count));
    }

    // Each thread tells a key when it meets it first; the first of these lines is the first of all.
    void note_unknown(const std::vector<UnknownKey>& keys) {
        constexpr std::size_t most = 256;
        for (const UnknownKey& key : keys) {
            const auto same = std::find_if(outcome_.unknown.begin(), outcome_.unknown.end(), [&](const UnknownKey& each) { return each.name == key.name; });
            if (same != outcome_.unknown.end()) {
                same->line = std::min(same->line, key.line);
            } else if (outcome_.unknown.size() < most) {
                outcome_.unknown.push_back(key);
            }
        }
    }

    bool output_failed(const std::string& path, int reason) {
        outcome_.ending = Ending::OutputFailed;
        outcome_.problems.push_back(io::cannot_write(path, reason));
        return false;
    }

    // As often as costs a few hundredths of the time: the first soon, so that a short run has one as well.
    bool checkpoint_when_due() {
        if (!can_be_gone_on_with() || Clock::now() - last_checkpoint_ < checkpoint_every_) return true;
        const auto begun = Clock::now();
        if (!checkpoint()) return false;
        last_checkpoint_ = Clock::now();
        checkpoint_every_ = std::clamp<Clock::duration>((last_checkpoint_ - begun) * 20, std::chrono::milliseconds(100), std::chrono::seconds(5));
        return true;
    }

    // The outputs are on the disk before the record says so.
    bool checkpoint() {
        if (!output_.sync()) return output_failed(request_.output, output_.error());
        if (rejects_.is_open() && !rejects_.sync()) return output_failed(rejects_path(), rejects_.error());
        state_.output_size = output_.size();
        state_.output_sum = output_.checksum();
        if (rejects_.is_open()) {
            state_.rejects_size = rejects_.size();
            state_.rejects_sum = rejects_.checksum();
        }
        state_.tally = outcome_.tally->text();
        state_.lists = children_.asked_for();
        if (!output_to_->replace_record(text_of(state_))) return output_failed(output_to_->named() + std::string(checkpoint_ending), errno);
        has_record_ = true;
        return true;
    }

    // What can be gone on with stays, with the record of how far it is; what cannot, goes. What an earlier run has done stays whatever
    // stopped this one: without --strict, or with the input mended, there is a way on from there.
    void stop_without_end() {
        if (can_be_gone_on_with() && outcome_.ending == Ending::Interrupted && !checkpoint()) outcome_.ending = Ending::OutputFailed;
        // On a full disk the record of the last checkpoint is still there.
        const bool can_go_on = outcome_.ending == Ending::Interrupted || outcome_.ending == Ending::OutputFailed || outcome_.ending == Ending::Failed || resumed_;
        if (has_record_ && can_go_on) {
            output_.close();
            rejects_.close();
            outcome_.partial_path = output_to_->named() + ".partial";
            return;
        }
        output_.discard();
        rejects_.discard();
        if (can_be_gone_on_with()) std::remove(output_to_->record().c_str());
    }

    // Rows of lists that no company has asked for are rows that were read and led to nothing.
    void orphans() {
        if (children_.empty()) return;
        constexpr std::size_t a_few = 5, together = 256 * 1024;
        std::string lines;
        const auto flush = [&] {
            const bool good = !rejects_.is_open() || rejects_.append(lines) || output_failed(rejects_path(), rejects_.error());
            lines.clear();
            return good;
        };
        outcome_.orphans = children_.each_orphan([&](const Children::Orphan& orphan) {
            Reject reject;
            reject.table = orphan.table;
            reject.line = orphan.line;
            reject.company = orphan.company;
            if (orphan.chinese.empty()) {
                reject.column = "company_id";
                reject.value = orphan.company;
                reject.kind = io::ProblemKind::UnknownKey;
                reject.chinese = "企业表中没有这家企业";
                reject.english = "the table of companies has no such company";
            } else {
                reject.value = orphan.found;
                reject.kind = io::ProblemKind::Malformed;
                reject.chinese = orphan.chinese;
                reject.english = orphan.english;
            }
            lines += reject_line(reject, request_.language, request_.cells);
            if (outcome_.first_rejects.size() < a_few) outcome_.first_rejects.push_back(std::move(reject));
            return lines.size() < together || flush();
        });
        (void)flush();
        if (is_stopped()) {
            outcome_.ending = Ending::Interrupted;
            return stop_without_end();
        }
        outcome_.tally->add(TallyLayout::Orphans, static_cast<std::int64_t>(outcome_.orphans));
    }

    // ---- the end

    void finish() {
        if (outcome_.ending != Ending::Whole && !done_already_) return stop_without_end();
        outcome_.ending = Ending::Whole;
        if (can_be_gone_on_with() && !done_already_) {
            state_.complete = true;
            if (!checkpoint()) return stop_without_end();
        }
        if (done_already_) outcome_.orphans = static_cast<std::uint64_t>((*outcome_.tally)[TallyLayout::Orphans]);
        if (any_rejects() || !request_.rejects.empty()) outcome_.rejects_path = rejects_path();
        if (!finish_summaries() || !finish_rejects() || !finish_output()) {
            if (has_record_) outcome_.partial_path = output_to_->named() + ".partial";
            return;
        }
        if (can_be_gone_on_with()) std::remove(output_to_->record().c_str());
    }

    bool finish_summaries() {
        for (std::size_t i = 0; i < request_.summaries.size(); ++i) {
            const Summary& summary = request_.summaries[i];
            if (!io::write_whole(destinations_[i + 1], summary.text(outcome_))) return output_failed(summary.path, errno);
        }
        return true;
    }

    // A file that is asked for is made even when it says that nothing was wrong.
    bool any_rejects() const { return (*outcome_.tally)[TallyLayout::Rejected] > 0 || outcome_.orphans > 0; }

    bool finish_rejects() {
        if (!rejects_.is_open()) return true;
        if (!any_rejects() && request_.rejects.empty()) {
            rejects_.discard();
            remove_old_rejects(rejects_path());
            return true;
        }
        return rejects_.finish() || output_failed(rejects_path(), rejects_.error());
    }

    // What an earlier run has left under the default name would be taken for this one's.
    static void remove_old_rejects(const std::string& path) {
        std::ifstream stream(path);
        std::string line;
        if (std::getline(stream, line) && line + "\n" == reject_header()) std::remove(path.c_str());
    }

    bool finish_output() {
        if (!direct()) return make_output();
        // What an earlier run has finished has its name already.
        return !output_.is_open() || output_.finish() || output_failed(request_.output, output_.error());
    }

    // The rows were collected as CSV; now they become what was asked for.
    bool make_output() {
        const bool to_file = output_to_->is_file();
        if (to_file && !output_.is_open()) return true;  // done by an earlier run
        if (!(to_file && is_made())) {
            Layout layout{.kind = request_.kind, .packing = packing(), .as_collected = rows_as_they_go_out(), .table = table_name(), .numeric = numeric_columns(), .cells = request_.cells, .top_column = top_column_, .top_may_be_open = top_may_be_open_, .stop = request_.stop};
            if (request_.top) layout.top = request_.top->count;
            const auto collected = "/dev/fd/" + std::to_string(to_file ? output_.descriptor() : fileno(spool_));
            if (auto problem = lay_out(collected, *output_to_, layout, [this] { return note_made(); }, outcome_.notes)) {
                outcome_.ending = Ending::OutputFailed;
                outcome_.problems.push_back(std::move(*problem));
            }
            if (outcome_.ending != Ending::Whole) return false;
        }
        if (to_file) output_.discard();
        return true;
    }

    // The file that is about to get its name is known again by its number: a run that was killed right behind has nothing left to
    // make. A table within a database that is there has no file of its own; it is made again.
    bool note_made() {
        if (request_.stop != nullptr && request_.stop->load()) {
            outcome_.ending = Ending::Interrupted;
            return false;
        }
        state_.made = number_of(output_to_->temporary());
        return !output_to_->is_file() || state_.made.empty() || checkpoint();
    }
    bool is_made() const { return !state_.made.empty() && state_.made == number_of(output_to_->path()); }
    static std::string number_of(const std::string& path) {
        struct stat status{};
        if (::lstat(path.c_str(), &status) != 0) return "";
        return std::to_string(status.st_dev) + " " + std::to_string(status.st_ino) + " " + std::to_string(status.st_size);
    }

    // Of a database; the default is the one that the documents speak of.
    std::string table_name() const {
        const std::size_t at = request_.output.rfind("?table=");
        return at == std::string::npos ? "screening" : io::place_of(request_.output).table;
    }

    std::vector<bool> numeric_columns() const {
        std::vector<bool> numeric(1 + work_.kept.size(), false);
        for (const PolicyColumns& policy : work_.columns) {
            numeric.push_back(false);
            for (const BenefitColumn& benefit : policy.benefits) numeric.insert(numeric.end(), benefit.may_be_open ? 3 : 1, true);
            if (request_.reasons == Reasons::Added) numeric.push_back(false);
        }
        return numeric;
    }

    Request request_;
    const Listener& listener_;
    Outcome outcome_;
    Start start_;
    std::unique_ptr<io::Table> table_;
    std::unique_ptr<io::ColumnFinder> finder_;
    Children children_;
    Ids ids_;
    io::File kept_input_;
    Matching matching_;
    std::optional<columnar::Plan> plan_;
    Work work_;
    std::size_t top_column_ = 0;
    bool top_may_be_open_ = false;
    std::vector<io::Destination> destinations_;  // the output, the summaries, the rejects
    const io::Destination *output_to_ = nullptr, *rejects_to_ = nullptr;
    io::OutputFile output_, rejects_;
    std::FILE* spool_ = nullptr;
    bool new_outputs_ = false, has_record_ = false, resumed_ = false, done_already_ = false;
    Checkpoint state_;
    Clock::time_point last_checkpoint_;
    Clock::duration checkpoint_every_ = std::chrono::milliseconds(100);
};

}  // namespace

std::optional<OutputKind> output_kind_of(const std::string& path) {
    const io::TablePlace place = io::place_of(path);
    if (!place.format) return std::nullopt;
    const bool packed = io::packing_of(path) != io::Packing::None;
    switch (*place.format) {
        case io::TableFormat::Csv: return OutputKind::Csv;
        case io::TableFormat::Tsv: return OutputKind::Tsv;
        case io::TableFormat::Ndjson: return OutputKind::Ndjson;
        case io::TableFormat::Sqlite: return packed ? std::nullopt : std::optional(OutputKind::Sqlite);
        case io::TableFormat::Workbook: return !packed && io::has_ending(place.path, ".xlsx") ? std::optional(OutputKind::Excel) : std::nullopt;
    }
    return std::nullopt;
}

Outcome screen(const Request& request, const Listener& listener) { return Run(request, listener).run(); }

std::string hash_of(const bytecode::Pack& pack) {
    const std::vector<std::uint8_t> image = bytecode::write_image(pack);
    return sha256({reinterpret_cast<const char*>(image.data()), image.size()});
}

}  // namespace eligo::screen
