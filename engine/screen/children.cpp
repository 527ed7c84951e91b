#include "children.hpp"

#include <sqlite3.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

#include "../io/columns.hpp"
#include "../io/formats.hpp"
#include "../io/packed_rows.hpp"
#include "../io/profile.hpp"
#include "../io/read_value.hpp"
#include "../vm/profile_set.hpp"
#include "../vm/spelling.hpp"

namespace eligo::screen {
namespace {

using bytecode::Index;
using io::NodeKind;
using io::TargetKind;

io::Problem wrong_with(const std::string& file, std::uint64_t line, std::string key, std::string chinese, std::string english) {
    io::Problem problem = io::malformed({static_cast<std::uint32_t>(line), 0}, std::move(chinese), std::move(english));
    problem.file = file;
    problem.key = std::move(key);
    return problem;
}

// Whatever takes long in a database asks every now and then whether it is to stop.
void stop_with(sqlite3* database, const std::atomic<bool>* stop) {
    constexpr int steps = 10'000;
    const auto is_asked = [](void* flag) { return static_cast<const std::atomic<bool>*>(flag)->load(std::memory_order_relaxed) ? 1 : 0; };
    if (stop != nullptr) sqlite3_progress_handler(database, steps, is_asked, const_cast<std::atomic<bool>*>(stop));
}

// What all lists of a run may hold together: of every row a bit is kept in memory.
constexpr std::uint64_t most_elements = std::uint64_t{1} << 26;

std::string temporary_folder() {
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error);
    return error ? "/tmp" : folder.string();
}

}  // namespace

// A private database: (list, company) -> the rows of the company's elements, in their order. A bit a row says whether
// some company has asked for it.
struct Children::Store {
    sqlite3* database = nullptr;
    sqlite3_stmt* insert = nullptr;
    std::vector<sqlite3*> for_readers;  // opened while the file had a name
    std::mutex mutex;                   // of `for_readers`
    std::uint64_t rows = 0;
    std::unique_ptr<std::atomic<std::uint64_t>[]> asked_for;

    ~Store() {
        sqlite3_finalize(insert);
        sqlite3_close(database);
        for (sqlite3* const each : for_readers) sqlite3_close(each);
    }

    bool run(const char* query) const { return sqlite3_exec(database, query, nullptr, nullptr, nullptr) == SQLITE_OK; }

    bool open(std::size_t readers, const std::atomic<bool>* stop) {
        const std::string cache = "PRAGMA cache_size = -" + std::to_string(std::max<std::size_t>(8192 / readers, 256));
        std::string path = temporary_folder() + "/eligo-lists-XXXXXX";
        const int file = mkstemp(path.data());
        if (file < 0) return false;
        ::close(file);
        // A file is not opened before it is wanted; whoever kills us between here and its name's end leaves an empty one.
        constexpr const char* look = "PRAGMA schema_version";
        bool good = sqlite3_open(path.c_str(), &database) == SQLITE_OK && run(look);
        for (std::size_t i = 0; i < readers && good; ++i) {
            good = sqlite3_open_v2(path.c_str(), &for_readers.emplace_back(), SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
                   sqlite3_exec(for_readers.back(), look, nullptr, nullptr, nullptr) == SQLITE_OK;
        }
        ::unlink(path.c_str());
        for (sqlite3* const each : for_readers) good = good && sqlite3_exec(each, cache.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
        good = good && run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192; PRAGMA temp_store = FILE") &&
               run("CREATE TABLE element (list INTEGER, company TEXT, line INTEGER, wrong TEXT, cells BLOB)") && run("BEGIN") &&
               sqlite3_prepare_v2(database, "INSERT INTO element VALUES (?1, ?2, ?3, ?4, ?5)", -1, &insert, nullptr) == SQLITE_OK;
        if (!good) return false;
        stop_with(database, stop);
        for (sqlite3* const each : for_readers) stop_with(each, stop);
        return true;
    }

    sqlite3* take_reader() {
        const std::lock_guard lock(mutex);
        sqlite3* const taken = for_readers.back();
        for_readers.pop_back();
        return taken;
    }

    bool add(std::size_t list, std::string_view company, std::uint64_t line, const std::string& wrong, const std::string& cells) {
        sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(list));
        sqlite3_bind_text(insert, 2, company.data(), static_cast<int>(company.size()), SQLITE_STATIC);
        sqlite3_bind_int64(insert, 3, static_cast<sqlite3_int64>(line));
        if (wrong.empty()) {
            sqlite3_bind_null(insert, 4);
        } else {
            sqlite3_bind_text(insert, 4, wrong.data(), static_cast<int>(wrong.size()), SQLITE_STATIC);
        }
        sqlite3_bind_blob(insert, 5, cells.data(), static_cast<int>(cells.size()), SQLITE_STATIC);
        const bool added = sqlite3_step(insert) == SQLITE_DONE;
        sqlite3_reset(insert);
        ++rows;
        return added;
    }

    bool finish() {
        if (!run("COMMIT") || !run("CREATE INDEX by_company ON element (list, company)")) return false;
        asked_for = std::make_unique<std::atomic<std::uint64_t>[]>(rows / 64 + 1);
        return run("PRAGMA cache_size = -1024; PRAGMA shrink_memory");
    }

    void mark(std::uint64_t row) const { asked_for[row / 64].fetch_or(std::uint64_t{1} << (row % 64), std::memory_order_relaxed); }
    [[nodiscard]] bool marked(std::uint64_t row) const { return (asked_for[row / 64].load() >> (row % 64) & 1) != 0; }
};

Children::Children() = default;
Children::~Children() = default;

bool Children::has(Index column) const {
    return std::any_of(tables_.begin(), tables_.end(), [column](const Table& table) { return table.column == column; });
}

std::uint64_t Children::rows() const { return store_ ? store_->rows : 0; }

bool Children::load(const bytecode::Pack& pack, const Needs& needs, std::span<const ListInput> inputs, const Reading& reading, const io::TableOptions& options,
                    std::size_t readers, std::vector<io::Problem>& problems, ListColumns& columns) {
    pack_ = &pack;
    needs_ = &needs;
    stop_ = options.stream.stop;
    const io::ColumnFinder lists(pack, needs.subject, {});
    const std::size_t before = problems.size();
    for (const ListInput& input : inputs) {
        const io::Target target = lists.find(input.list);
        if (target.kind != TargetKind::List) {
            problems.push_back(wrong_with(input.input, 0, input.list, "不是列表类的事实", "is not a fact that is a list"));
            continue;
        }
        const auto need = std::find_if(needs.lists.begin(), needs.lists.end(), [&](const ListNeed& each) { return each.column == target.column; });
        if (need == needs.lists.end()) continue;  // no policy that was chosen reads it
        const auto table = io::open_table(input.input, options, problems);
        if (!table) continue;
        if (table->rows_are_trees()) {
            problems.push_back(wrong_with(input.input, 0, "", "列表的表应有列：CSV、TSV、SQLite或Excel", "the table of a list has columns: CSV, TSV, SQLite or Excel"));
            continue;
        }
        if (!store_) {
            store_ = std::make_unique<Store>();
            if (!store_->open(readers, stop_)) {
                problems.push_back(wrong_with(temporary_folder(), 0, "", "无法建立临时文件", "a temporary file cannot be made"));
                return false;
            }
        }
        Table described{target.column, static_cast<std::size_t>(need - needs.lists.begin()), io::place_of(input.input).path, table->header(), {}, need->element};
        const io::ColumnFinder finder(pack, need->element, reading.map);
        std::size_t company = described.header.size();
        const std::size_t wrong_before = problems.size();
        std::map<std::string, std::string> seen;
        for (std::size_t i = 0; i < described.header.size(); ++i) {
            const std::string& name = described.header[i];
            const io::Target field = finder.find(name);
            described.targets.push_back(field);
            if (field.kind == TargetKind::CompanyId) company = i;
            if (field.kind == TargetKind::None) columns.unmatched.push_back(described.name + ": " + name);
            if (const auto mistake = finder.mistake_of(field, name)) {
                problems.push_back(wrong_with(described.name, 1, name, mistake->chinese, mistake->english));
                continue;
            }
            const std::string key = finder.key_of(field);
            if (!key.empty() && !seen.emplace(key, name).second) problems.push_back(wrong_with(described.name, 1, name, "与列“" + seen[key] + "”是同一项事实", "gives the same fact as the column \"" + seen[key] + "\""));
        }
        if (company == described.header.size()) {
            problems.push_back(wrong_with(described.name, 1, "company_id", "列表的表中要有这一列，说明属于哪家企业", "the table of a list must say which company each row belongs to"));
            continue;
        }
        if (problems.size() != wrong_before) continue;
        for (const bytecode::Index wanted : need->fields) {
            const auto gives = [&](const io::Target& field) { return field.kind == TargetKind::Value && field.column == wanted; };
            if (std::any_of(described.targets.begin(), described.targets.end(), gives)) continue;
            const bool has_default = fact_of(pack, need->element, wanted).default_kind != bytecode::DefaultKind::None;
            (has_default ? columns.assumed : columns.missing).push_back(lists.key_of(target) + "." + finder.key_of({TargetKind::Value, wanted, 0}));
        }
        if (!load_rows(*table, company, described, reading.absent, problems)) return false;
        tables_.push_back(std::move(described));
    }
    if (stop_ != nullptr && stop_->load()) return false;
    if (store_ && !store_->finish()) problems.push_back(wrong_with(temporary_folder(), 0, "", "写临时文件时出错，磁盘可能已满", "writing a temporary file failed; the disk may be full"));
    return problems.size() == before;
}

bool Children::load_rows(io::Table& table, std::size_t company, const Table& described, const io::AbsentTexts& absent, std::vector<io::Problem>& problems) {
    const std::vector<bytecode::Index>& fields = needs_->lists[described.list].fields;
    std::vector<bool> is_read;
    for (std::size_t i = 0; i < described.targets.size(); ++i) {
        const io::Target& field = described.targets[i];
        is_read.push_back(i == company || (field.kind == TargetKind::Value && std::find(fields.begin(), fields.end(), field.column) != fields.end()));
    }
    table.read_only(is_read);
    io::Chunk chunk;
    const auto reader = table.reader();
    std::string cells, wrong, owner;
    const auto says_nothing = [&](const io::TableCell& cell) { return cell.kind == NodeKind::Plain && absent.has(cell.text); };
    const auto refuse = [&](const io::Problem& problem) { wrong = problem.chinese + "\n" + problem.english + "\n" + problem.found; };
    while (table.next(chunk)) {
        reader->begin(chunk);
        io::TableRow row;
        while (reader->next(row)) {
            cells.clear();
            wrong.clear();
            owner.clear();
            if (row.problem != nullptr) {
                refuse(*row.problem);
                // A row that has lost its shape still spoils the company it names, as far as that can be read.
                if (company < row.cells.size()) owner = vm::trimmed(row.cells[company].text);
            } else if (row.cells[company].kind == NodeKind::Wrong) {
                refuse(io::problem_of(row.cells[company]));
            } else if (row.cells[company].has_many_digits) {
                refuse(io::too_many_digits(row.cells[company]));
            } else {
                for (std::size_t i = 0; i < row.cells.size(); ++i) io::pack_cell(cells, is_read[i] && !says_nothing(row.cells[i]) ? row.cells[i] : io::TableCell{});
                if (!says_nothing(row.cells[company])) owner = vm::trimmed(row.cells[company].text);
                if (owner.empty()) refuse(io::malformed({}, "没有 company_id，不知属于哪家企业", "there is no company_id, so that no company can be told"));
                if (is_number_of_floating_point(owner)) refuse(io::malformed({}, "编号是浮点数，位数已不全，不知属于哪家企业；请把编号存为文本", "the id is a floating-point number, whose digits are not all there: no company can be told by it; keep ids as texts"));
            }
            if (store_->rows == most_elements) {
                problems.push_back(wrong_with(described.name, row.line, "", "列表的行数超过" + std::to_string(most_elements), "the lists have more than " + std::to_string(most_elements) + " rows"));
                return false;
            }
            if (!store_->add(tables_.size(), owner, row.line, wrong, cells)) {
                problems.push_back(wrong_with(described.name, row.line, "", "写临时文件时出错，磁盘可能已满", "writing a temporary file failed; the disk may be full"));
                return false;
            }
        }
    }
    if (table.failure()) {
        problems.push_back(*table.failure());
        problems.back().file = described.name;
    }
    return true;
}

std::unique_ptr<ChildReader> Children::reader() const { return std::make_unique<ChildReader>(*this); }

std::string Children::asked_for() const {
    if (!store_) return {};
    std::string text;
    for (std::uint64_t i = 0; i <= store_->rows / 64; ++i) text += (i == 0 ? "" : " ") + std::to_string(store_->asked_for[i].load());
    return text;
}

bool Children::set_asked_for(const std::string& text) {
    if (!store_) return text.empty();
    const char* at = text.c_str();
    for (std::uint64_t i = 0; i <= store_->rows / 64; ++i) {
        char* end = nullptr;
        store_->asked_for[i] = std::strtoull(at, &end, 10);
        if (end == at) return false;
        at = end;
    }
    return *at == '\0';
}

namespace {

// What is wrong with a row, as Store::add was told.
struct Wrong {
    bool is_any = false;
    std::string chinese, english, found;

    Wrong(sqlite3_stmt* query, int column) : is_any(sqlite3_column_type(query, column) != SQLITE_NULL) {
        if (!is_any) return;
        const std::string words(reinterpret_cast<const char*>(sqlite3_column_text(query, column)), static_cast<std::size_t>(sqlite3_column_bytes(query, column)));
        const std::size_t first = words.find('\n'), second = words.find('\n', first + 1);
        chinese = words.substr(0, first);
        english = words.substr(first + 1, second - first - 1);
        found = words.substr(second + 1);
    }
};

}  // namespace

std::uint64_t Children::each_orphan(const std::function<bool(const Orphan&)>& tell) const {
    std::uint64_t told = 0;
    if (!store_) return told;
    sqlite3_stmt* query = nullptr;
    sqlite3_prepare_v2(store_->database, "SELECT rowid, list, line, company, wrong FROM element ORDER BY rowid", -1, &query, nullptr);
    while (sqlite3_step(query) == SQLITE_ROW) {
        if (store_->marked(static_cast<std::uint64_t>(sqlite3_column_int64(query, 0)))) continue;
        ++told;
        const auto* company = reinterpret_cast<const char*>(sqlite3_column_text(query, 3));
        Orphan orphan{tables_[static_cast<std::size_t>(sqlite3_column_int64(query, 1))].name, static_cast<std::uint64_t>(sqlite3_column_int64(query, 2)), company == nullptr ? "" : company, {}, {}, {}};
        if (const Wrong wrong(query, 4); wrong.is_any) {
            orphan.chinese = wrong.chinese;
            orphan.english = wrong.english;
            orphan.found = wrong.found;
        }
        if (!tell(orphan)) break;
    }
    sqlite3_finalize(query);
    return told;
}

struct ChildReader::State {
    const Children& children;
    sqlite3* database = nullptr;
    sqlite3_stmt* query = nullptr;
    sqlite3_stmt* rest = nullptr;  // the rows of a company behind one
    struct Field {
        std::unique_ptr<io::ValueReader> reader;
        std::size_t slot = 0;
    };
    std::vector<std::vector<Field>> fields;  // one a column of each table
    const Block* prepared_for = nullptr;
};

ChildReader::ChildReader(const Children& children) : state_(new State{children, nullptr, nullptr, nullptr, {}, nullptr}) {
    state_->database = children.store_->take_reader();
    // One transaction for all that is read, so that no question asks for the lock again.
    sqlite3_exec(state_->database, "BEGIN", nullptr, nullptr, nullptr);
    sqlite3_prepare_v2(state_->database, "SELECT rowid, line, wrong, cells FROM element WHERE list = ?1 AND company = ?2 ORDER BY rowid", -1, &state_->query, nullptr);
    sqlite3_prepare_v2(state_->database, "SELECT rowid FROM element WHERE list = ?1 AND company = ?2 AND rowid > ?3", -1, &state_->rest, nullptr);
}

ChildReader::~ChildReader() {
    sqlite3_finalize(state_->query);
    sqlite3_finalize(state_->rest);
    sqlite3_close(state_->database);
}

void ChildReader::add(std::string_view company, Block& block, std::vector<std::string>& texts, std::vector<io::Problem>& problems) {
    const Children& children = state_->children;
    const bytecode::Pack& pack = *children.pack_;
    if (state_->prepared_for != &block) {
        state_->fields.clear();
        for (const Children::Table& table : children.tables_) {
            auto& fields = state_->fields.emplace_back();
            const ListNeed& need = children.needs_->lists[table.list];
            for (const io::Target& target : table.targets) {
                State::Field field;
                const bool read = target.kind == TargetKind::Value && std::find(need.fields.begin(), need.fields.end(), target.column) != need.fields.end();
                if (read) {
                    field.reader = std::make_unique<io::ValueReader>(pack, fact_of(pack, table.element, target.column), target.unit);
                    field.slot = block.field_slot(table.list, target.column, target.year);
                }
                fields.push_back(std::move(field));
            }
        }
        state_->prepared_for = &block;
    }
    for (std::size_t number = 0; number < children.tables_.size(); ++number) {
        const Children::Table& table = children.tables_[number];
        const bytecode::Fact& list = fact_of(pack, children.needs_->subject, table.column);
        // A company without rows has an empty list: the table holds all there are.
        block.set_list(table.list, vm::CellState::Known);
        std::size_t count = 0;
        sqlite3_stmt* query = state_->query;
        sqlite3_bind_int64(query, 1, static_cast<sqlite3_int64>(number));
        sqlite3_bind_text(query, 2, company.data(), static_cast<int>(company.size()), SQLITE_STATIC);
        std::uint64_t line = 0;
        int status = SQLITE_DONE;
        while (count <= list.up_to && (status = sqlite3_step(query)) == SQLITE_ROW) {
            const auto row = static_cast<std::uint64_t>(sqlite3_column_int64(query, 0));
            line = static_cast<std::uint64_t>(sqlite3_column_int64(query, 1));
            if (++count > list.up_to) {
                mark_rest(number, company, row);
                break;
            }
            children.store_->mark(row);
            if (const Wrong wrong(query, 2); wrong.is_any) {
                problems.push_back(wrong_with(table.name, line, "", wrong.chinese, wrong.english));
                problems.back().found = wrong.found;
                continue;
            }
            block.add_element(table.list);
            const std::string_view bytes(static_cast<const char*>(sqlite3_column_blob(query, 3)), static_cast<std::size_t>(sqlite3_column_bytes(query, 3)));
            std::size_t at = 0;
            for (std::size_t i = 0; i < table.targets.size(); ++i) {
                io::TableCell written;
                at = io::unpack_cell(bytes, at, written);
                State::Field& field = state_->fields[number][i];
                if (!field.reader || written.kind == NodeKind::Absent) continue;
                vm::Cell cell{0, 0, vm::CellState::Unknown};
                std::optional<io::Problem> problem;
                if (written.kind == NodeKind::Wrong) {
                    problem = io::problem_of(written);
                } else if (written.has_many_digits && field.reader->reads_texts()) {
                    problem = io::too_many_digits(written);
                } else if (written.kind != NodeKind::Null) {
                    if (const auto found = field.reader->read(io::scalar_of(written.kind), written.text, texts, cell)) problem = io::problem_of(*found);
                }
                if (problem) {
                    problems.push_back(std::move(*problem));
                    problems.back().file = table.name;
                    problems.back().place.line = static_cast<std::uint32_t>(line);
                    problems.back().key = table.header[i];
                    continue;
                }
                block.set_field(table.list, field.slot, cell);
            }
        }
        sqlite3_reset(query);
        check(status);
        if (count <= list.up_to) continue;
        const std::string most = std::to_string(list.up_to);
        vm::Problem problem{vm::ProblemKind::TooManyElements, {}, "", "至多" + most + "个元素的列表，这里更多", "a list of at most " + most + " elements, here are more", {}};
        problems.push_back(io::problem_of(problem));
        problems.back().file = table.name;
        problems.back().place.line = static_cast<std::uint32_t>(line);
        problems.back().key = pack.string(pack.subjects[children.needs_->subject].columns[table.column].name);
    }
}

// All rows of the company behind this one are asked for as well, though nobody will look at them. Once is enough: the last to be
// marked is this one.
void ChildReader::mark_rest(std::size_t table, std::string_view company, std::uint64_t row) {
    const Children::Store& store = *state_->children.store_;
    if (store.marked(row)) return;
    sqlite3_stmt* const rest = state_->rest;
    sqlite3_bind_int64(rest, 1, static_cast<sqlite3_int64>(table));
    sqlite3_bind_text(rest, 2, company.data(), static_cast<int>(company.size()), SQLITE_STATIC);
    sqlite3_bind_int64(rest, 3, static_cast<sqlite3_int64>(row));
    int status = SQLITE_DONE;
    while ((status = sqlite3_step(rest)) == SQLITE_ROW) store.mark(static_cast<std::uint64_t>(sqlite3_column_int64(rest, 0)));
    sqlite3_reset(rest);
    check(status);
    store.mark(row);
}

void ChildReader::check(int status) const {
    if (status == SQLITE_ROW || status == SQLITE_DONE) return;
    if (status == SQLITE_INTERRUPT) throw Stopped();
    if (status == SQLITE_NOMEM) throw std::bad_alloc();
    throw std::runtime_error(sqlite3_errmsg(state_->database));
}

}  // namespace eligo::screen
