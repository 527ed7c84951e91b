// Names, values, keys, paths and options that would steer a terminal, through every command of the program: nothing of them
// arrives raw, and no line of what is told is theirs. Each run is held against one with a harmless text in the same place.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <xlsxwriter.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "api/compile_internal.hpp"
#include "bytecode/image.hpp"
#include "value/json_string.hpp"
#include "value/utf8.hpp"
#include "value/visible_text.hpp"

namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

// What may stand between the quotes of a source, where a line ends with its text.
const std::string in_source = "A\r\x1b[2J\x1b]0;t\x07\t\x7f\u0085\u009b31m\u202Eb\u2066\u2028\u2029\u200B\uFEFF\u061C<";
// In code a carriage return is a blank.
const std::string in_code = "A\x1b[2J\x1b]0;t\x07\t\x7f\u0085\u009b31m\u202Eb\u2066\u2028\u2029\u200B\uFEFF\u061C<";
// What may stand anywhere in JSON, a table, a database.
const std::string anywhere = "A\n✓ eligible\neligo: forged\n" + in_source;
// What may be the name of a file or an argument: bytes.
const std::string of_bytes = anywhere + "\xff\xc3(";

// A text of which the same is told, and which steers nothing: in a source, what nobody sees is doubted.
std::string harmless_like(const std::string& text) {
    std::string out;
    bool other = false;
    for (std::size_t at = 0; at < text.size();) {
        const eligo::value::CodePoint point = eligo::value::decode(text, at);
        const bool told = point.valid && eligo::value::is_hidden(point.value) && point.value != '\t';
        if (told) eligo::value::append(out, (other = !other) ? 0x200C : 0x200D);
        else out += point.value == '\t' ? "x" : text.substr(at, point.length);
        at += point.length;
    }
    return out;
}

std::string read(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

struct Told {
    std::string output, errors;
};

// How the text reaches the program: `make` writes the files that are needed, in a folder that is the current one, and gives the
// arguments.
struct Case {
    std::string name;
    std::string hostile;
    std::function<Arguments(const std::string& text)> make;
    std::map<std::string, std::string> environment{};  // name -> value; "TEXT" is the text
    bool in_a_source = false;
};

std::string replaced(std::string text, const std::string& by) {
    for (std::size_t at = text.find("TEXT"); at != std::string::npos; at = text.find("TEXT", at + by.size())) text.replace(at, 4, by);
    return text;
}

void write(const std::string& name, const std::string& text) { std::ofstream(name, std::ios::binary) << text; }

constexpr const char* rules = R"(record project "项目" | "Project" { cost : money in 0元 .. 1亿元 "费用" | "Cost" }
vocabulary company "企业" | "Company" {
  staff    : int in 0 .. 1_000   "人数" | "Staff"
  sound    : bool default true   "健全" | "Sound"
  place    : text                "地点" | "Place"
  kind     : one of { a "甲TEXT" | "ATEXT", b "乙" | "B" } "类别TEXT" | "KindTEXT"
  sales    : yearly money in 0元 .. 1亿元 "销售额TEXT" | "SalesTEXT"
  projects : list of project up to 10 "项目TEXT" | "ProjectsTEXT"
}
policy grant for company "补助TEXT" | "GrantTEXT" {
  authority "机关TEXT" | "AuthorityTEXT"
  source rules "示例TEXT"
  in force 2000-01-01 ..
  let share = sales[-1] * 10% "份额TEXT" | "ShareTEXT"
  require small staff <= 20 "不超过20人TEXT" | "At most 20TEXT" @ rules 1TEXT
  require here  place = "上海TEXT" "地点TEXT" | "HereTEXT" @ "办法TEXT"
  require big   share >= 100元 "较大TEXT" | "BigTEXT" @ rules 2
  require books sound "账TEXT" | "BooksTEXT" @ rules 3
  require sort  kind = a "类TEXT" | "SortTEXT" @ rules 4
  any of ways "途径TEXT" | "WaysTEXT" @ rules 5 { require w1 count(p in projects where p.cost > 1元) > 0 "项TEXT" | "WTEXT" }
  benefit amount : money = round(sales[-1] * 1/3, 0.01元) "金额TEXT" | "AmountTEXT" @ rules 2TEXT
  benefit first_year : bool = true "首年TEXT" | "First yearTEXT"
  conflicts with other @ rules 9TEXT
}
policy other for company "其他TEXT" | "OtherTEXT" { in force 2000-01-01 ..
  require any staff >= 0 "任意TEXT" | "AnyTEXT" @ "一TEXT" }
parameter top : money "上限TEXT" | "TopTEXT" { 2000-01-01 .. 5元 @ "沪TEXT" }
scenario "不符TEXT" for grant as of 2018-06-01 {
  given staff = 5, place = "北京TEXT"
  expect eligible
}
# TEXT
)";

void write_rules(const std::string& text) { write("rules.policy", replaced(rules, text)); }

Arguments with_rules(Arguments arguments) {
    write_rules("");
    arguments.insert(arguments.end(), {"--rules", "rules.policy", "--as-of", "2018-06-01"});
    return arguments;
}

std::string json(const std::string& text) { return eligo::value::json_string(text); }
std::string csv(const std::string& text) {
    std::string cell = "\"";
    for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
    return cell + "\"";
}

// A pack in which every text that need not be a name is followed by the text, as no compiler would write it.
void write_pack(const std::string& text) {
    write_rules("");
    eligo::api::Compilation compiled = eligo::api::compile_paths(std::vector<std::string>{"rules.policy"});
    if (!compiled.ok()) throw std::runtime_error("the rules of this test do not compile");
    for (std::string& each : compiled.pack->strings) {
        const std::string before = each;
        each += '\n';
        each = eligo::bytecode::verify(*compiled.pack).found() ? before : before + text;
    }
    const std::vector<std::uint8_t> image = eligo::bytecode::write_image(*compiled.pack);
    write("pack.eligo", std::string(image.begin(), image.end()));
}

void write_database(const std::string& text) {
    fs::remove("in.db");
    sqlite3* database = nullptr;
    sqlite3_open("in.db", &database);
    const auto quoted = [](const std::string& name) {
        std::string all = "\"";
        for (const char c : name) all += c == '"' ? std::string("\"\"") : std::string(1, c);
        return all + "\"";
    };
    for (const std::string table : {"t", "u"}) {
        const std::string made = "CREATE TABLE " + quoted(table + text) + " (company_id, staff, " + quoted("place" + text) + ")";
        sqlite3_exec(database, made.c_str(), nullptr, nullptr, nullptr);
        sqlite3_stmt* insert = nullptr;
        sqlite3_prepare_v2(database, ("INSERT INTO " + quoted(table + text) + " VALUES (?1, ?1, 'x')").c_str(), -1, &insert, nullptr);
        sqlite3_bind_text(insert, 1, text.c_str(), -1, SQLITE_STATIC);
        sqlite3_step(insert);
        sqlite3_finalize(insert);
    }
    sqlite3_close(database);
}

void write_workbook(const std::string& text) {
    lxw_workbook* const book = workbook_new("in.xlsx");
    lxw_worksheet* const sheet = workbook_add_worksheet(book, "S");
    worksheet_write_string(sheet, 0, 0, "company_id", nullptr);
    worksheet_write_string(sheet, 0, 1, ("staff" + text).c_str(), nullptr);
    worksheet_write_string(sheet, 0, 2, "staff", nullptr);
    worksheet_write_string(sheet, 1, 0, text.c_str(), nullptr);
    worksheet_write_string(sheet, 1, 2, text.c_str(), nullptr);
    workbook_close(book);
}

void add_profiles(std::vector<Case>& cases) {
    const auto checked = [&](const std::string& name, const std::string& profile, const std::string& ending = "json") {
        cases.push_back({"check: " + name, anywhere, [profile, ending](const std::string& text) {
                             write("p." + ending, replaced(profile, ending == "csv" ? csv(text) : json(text)));
                             return with_rules({"check", "p." + ending});
                         }});
    };
    checked("company_id", R"({"company_id": TEXT, "staff": 5})");
    checked("a value of text", R"({"place": TEXT, "staff": 5})");
    checked("a value that is wrong", R"({"staff": TEXT, "kind": TEXT, "sound": TEXT, "sales": {"2017": TEXT}})");
    checked("a key that is unknown", R"({TEXT: 5, "projects": [{TEXT: 1}], "sales": {TEXT: 1}})");
    checked("a key given twice", R"({TEXT: 5, TEXT: 6})");
    checked("an element", R"({"projects": [{"cost": TEXT}, TEXT]})");
    checked("not JSON", R"({"staff": 5 TEXT})");
    checked("YAML", "company_id: TEXT\nTEXT: 5\nstaff: TEXT\n", "yaml");
    checked("YAML that is none", "staff: [TEXT\n", "yaml");
    checked("CSV", "company_id,staff,TEXT\nTEXT,TEXT,x\n", "csv");
    checked("CSV with years", "company_id,TEXT,sales.2017\nTEXT,1,TEXT\n", "csv");
    cases.push_back({"check: the name of a file", of_bytes, [](const std::string& text) {
                         const std::string name = text + ".json";
                         write(name, R"({"staff": "many"})");
                         return with_rules({"check", name, name + ".none", "./"});
                     }});
}

void add_options(std::vector<Case>& cases) {
    const auto option = [&](const std::string& name, Arguments arguments) {
        cases.push_back({"option: " + name, of_bytes, [arguments](const std::string& text) {
                             write("p.json", "{}");
                             write("in.csv", "company_id,staff\nA,5\n");
                             Arguments all;
                             for (const std::string& each : arguments) all.push_back(replaced(each, text));
                             return with_rules(all);
                         }});
    };
    option("--policy", {"check", "p.json", "--policy", "TEXT"});
    option("--as-of", {"check", "p.json", "--as-of", "TEXT"});
    option("--known-on", {"check", "p.json", "--known-on", "TEXT"});
    option("--require", {"check", "p.json", "--require", "TEXT"});
    option("--lang", {"check", "p.json", "--lang", "TEXT"});
    option("--color", {"check", "p.json", "--color", "TEXT"});
    option("--json=", {"check", "p.json", "--json=TEXT"});
    option("unknown", {"check", "p.json", "--TEXT"});
    option("unknown, short", {"check", "p.json", "-TEXT"});
    option("unknown with a value", {"check", "p.json", "--none=TEXT"});
    option("--rules", {"check", "p.json", "--rules", "TEXT"});
    option("--rules that is a pack", {"check", "p.json", "--rules", "TEXT.eligo"});
    option("command", {"TEXT"});
    option("profile", {"check", "TEXT", "TEXT.csv", "TEXT.yaml"});
    option("test path", {"test", "TEXT"});
    option("test --at-least", {"test", "--coverage", "--at-least", "TEXT"});
    option("compile path", {"compile", "TEXT", "-o", "x.eligo"});
    option("compile -o", {"compile", "-o", "none/TEXT"});
    option("inspect path", {"inspect", "TEXT"});
    option("explain code", {"explain", "TEXT"});
    option("help command", {"help", "TEXT"});
    option("completion shell", {"completion", "TEXT"});
    option("new subject", {"new", "TEXT"});
    option("facts subject", {"facts", "TEXT"});
    option("list subject", {"list", "TEXT"});
    option("schema subject", {"schema", "TEXT"});
    option("check --fiscal-year", {"check", "p.json", "--fiscal-year", "TEXT"});
    option("test --filter", {"test", "--filter", "TEXT"});
    option("new --format", {"new", "company", "--format", "TEXT"});
    option("new --policy", {"new", "company", "--policy", "TEXT"});
    option("facts --policy", {"facts", "company", "--policy", "TEXT"});
    option("screen input", {"screen", "TEXT.csv"});
    option("screen table", {"screen", "none.db?table=TEXT"});
    option("screen -o", {"screen", "in.csv", "-o", "TEXT"});
    option("screen -o in no folder", {"screen", "in.csv", "-o", "none/TEXT.csv"});
    option("screen --rejects", {"screen", "in.csv", "-o", "out.csv", "--rejects", "none/TEXT"});
    option("screen --report", {"screen", "in.csv", "-o", "out.csv", "--report", "none/TEXT"});
    option("screen --map", {"screen", "in.csv", "--map", "TEXT"});
    option("screen --list", {"screen", "in.csv", "--list", "TEXT"});
    option("screen --list of a file", {"screen", "in.csv", "--list", "TEXT=TEXT"});
    option("screen --top", {"screen", "in.csv", "--top", "TEXT", "amount"});
    option("screen --top of a benefit", {"screen", "in.csv", "--top", "5", "TEXT"});
    option("screen --only", {"screen", "in.csv", "--only", "TEXT"});
    option("screen --encoding", {"screen", "in.csv", "--encoding", "TEXT"});
    option("screen --threads", {"screen", "in.csv", "--threads", "TEXT"});
    option("screen --policy", {"screen", "in.csv", "--policy", "TEXT"});
    for (const bool over_itself : {true, false}) {
        cases.push_back({over_itself ? "screen: over its own input" : "screen: names of files", of_bytes, [over_itself](const std::string& text) {
                             write(text + ".csv", "company_id,staff\nA,5\nB,many\n");
                             return with_rules({"screen", text + ".csv", "-o", over_itself ? text + ".csv" : text + ".out.csv", "--report", text + ".html"});
                         }});
    }
    for (const char* name : {"ELIGO_RULES", "LANG", "LC_ALL", "TERM", "TZ"}) {
        cases.push_back({std::string("environment: ") + name, of_bytes, [](const std::string&) {
                             write("p.json", R"({"staff": 5})");
                             return Arguments{"check", "p.json"};
                         }, {{"ELIGO_RULES", "none"}, {name, "TEXT"}}});
    }
    // A where of hostile bytes is told line by line, as a source is; a line of it is shown as one of it.
    cases.push_back({"option: --where", in_source + "\xff", [](const std::string& text) {
                         write("in.csv", "company_id,staff\nA,5\n");
                         return with_rules({"screen", "in.csv", "-o", "out.csv", "--where", "staff = \"" + text + "\" @ x"});
                     }, {}, true});
}

void add_sources(std::vector<Case>& cases) {
    const auto told = [&](const std::string& name, Arguments arguments) {
        cases.push_back({"rules: " + name, in_source, [arguments](const std::string& text) {
                             write_rules(text);
                             write("p.json", "{\"company_id\": \"A\", \"staff\": 500, \"kind\": \"b\", \"place\": \"北京\", \"sales\": {\"2017\": \"50\"}, \"projects\": [{\"cost\": \"0.5\"}, {}]}");
                             Arguments all = arguments;
                             all.insert(all.end(), {"--rules", "rules.policy", "--as-of", "2018-06-01"});
                             return all;
                         }, {}, true});
    };
    told("check", {"check", "p.json"});
    told("check --brief", {"check", "p.json", "--brief"});
    told("test", {"test"});
    told("test --coverage --mutate", {"test", "--coverage", "--mutate"});
    told("compile", {"compile", "-o", "x.eligo"});
    told("inspect", {"inspect"});
    told("inspect --disassemble --bounds", {"inspect", "--disassemble", "--bounds"});
    told("list", {"list"});
    told("facts", {"facts"});
    told("new", {"new", "company"});
    told("new, YAML", {"new", "company", "--format", "yaml"});
    told("new, CSV", {"new", "company", "--format", "csv"});
    told("schema", {"schema"});
    const auto wrong = [&](const std::string& name, const std::string& source, const std::string& hostile) {
        cases.push_back({"a source that is wrong: " + name, hostile, [source](const std::string& text) {
                             write("wrong.policy", replaced(source, text));
                             return Arguments{"compile", "wrong.policy", "-o", "x.eligo"};
                         }, {}, true});
    };
    wrong("characters", "policy TEXT for x { }\n", in_code);
    wrong("a text", "import \"TEXT.policy\"\nimport \"TEXT\"\nsource x \"TEXT\" TEXT\n", in_code);
    wrong("no UTF-8", "# TEXT\n", in_source + "\xff");
    wrong("names", "vocabulary c { a : one of { x \"TEXT\" } default y \"TEXT\" , b : code TEXT }\n", in_code);
    cases.push_back({"a source: its name", of_bytes, [](const std::string& text) {
                         write(text + ".policy", "policy p for nothing { require r 1 + }\n");
                         return Arguments{"compile", ".", "-o", "x.eligo"};
                     }});
    cases.push_back({"a source that is a link: its name", of_bytes, [](const std::string& text) {
                         fs::create_symlink("/nowhere" + text, text + ".policy");
                         return Arguments{"compile", ".", "-o", "x.eligo"};
                     }});
}

void add_packs(std::vector<Case>& cases) {
    for (const Arguments& arguments :
         {Arguments{"check", "p.json"}, {"check", "p.json", "--policy", "grant"}, {"inspect", "pack.eligo"}, {"inspect", "pack.eligo", "--disassemble", "--bounds"}, {"list"}, {"facts"}, {"new", "company"}, {"new", "--format", "yaml", "company"},
          {"schema"}, {"test"}, {"screen", "in.csv", "-o", "out.csv", "--explain"}, {"screen", "in.csv", "-o", "out.csv", "--report", "r.html"}}) {
        std::string name = "a pack:";
        for (const std::string& each : arguments) name += " " + each;
        cases.push_back({name, anywhere, [arguments](const std::string& text) {
                             write_pack(text);
                             write("p.json", R"({"staff": 500, "place": "x", "kind": "b", "sales": {"2017": "5"}})");
                             write("in.csv", "company_id,staff,kind\nA,500,b\nB,many,none\n");
                             Arguments all = arguments;
                             all.insert(all.end(), {"--rules", "pack.eligo", "--as-of", "2018-06-01"});
                             return all;
                         }});
    }
}

void add_tables(std::vector<Case>& cases) {
    const auto screened = [&](const std::string& name, const std::function<std::string(const std::string&)>& make, Arguments more = {}) {
        cases.push_back({"screen: " + name, anywhere, [make, more](const std::string& text) {
                             Arguments all = with_rules({"screen", make(text), "-o", "out.csv"});
                             all.insert(all.end(), more.begin(), more.end());
                             return all;
                         }});
    };
    screened("a header", [](const std::string& text) { write("in.csv", "company_id,staff," + csv(text) + "," + csv("staff" + text) + "," + csv("sales." + text) + "\nA,5,1,1,1\n"); return "in.csv"; });
    screened("a header twice", [](const std::string& text) { write("in.csv", "company_id,staff," + csv(text) + "," + csv(text) + "\nA,5,1,1\n"); return "in.csv"; });
    screened("cells", [](const std::string& text) { write("in.csv", "company_id,staff,kind\n" + csv(text) + "," + csv(text) + ",a\nB,5," + csv(text) + "\n"); return "in.csv"; });
    screened("cells, strictly", [](const std::string& text) { write("in.csv", "company_id,staff,kind\n" + csv(text) + "," + csv(text) + ",a\nB,5," + csv(text) + "\n"); return "in.csv"; }, {"--strict"});
    screened("NDJSON", [](const std::string& text) { write("in.ndjson", "{\"company_id\": " + json(text) + ", \"staff\": " + json(text) + ", " + json(text) + ": 1}\n"); return "in.ndjson"; });
    screened("a table of no name", [](const std::string& text) { write_database(text); return "in.db"; });
    screened("another table", [](const std::string& text) { write_database(text); return "in.db?table=" + text; });
    screened("a table", [](const std::string& text) { write_database(text); return "in.db?table=t" + text; });
    screened("a workbook", [](const std::string& text) { write_workbook(text.substr(0, 2) + "\u202E\u200B"); return "in.xlsx"; });
    screened("another sheet", [](const std::string& text) { write_workbook(""); return "in.xlsx?table=" + text; });
    screened("a list", [](const std::string& text) {
        write("in.csv", "company_id,staff\nA,5\n");
        write("list.csv", "company_id,cost," + csv(text) + "\nA," + csv(text) + ",1\n" + csv(text) + ",1,1\n");
        return "in.csv"; }, {"--list", "projects=list.csv"});
    screened("a map", [](const std::string& text) {
        write("in.csv", "company_id,x\nA,5\n");
        write("map.csv", csv(text) + "," + csv(text) + "\nx," + csv("staff" + text) + "\n");
        return "in.csv"; }, {"--map", "map.csv"});
}

std::vector<Case> all_cases() {
    std::vector<Case> cases;
    add_profiles(cases);
    add_options(cases);
    add_sources(cases);
    add_packs(cases);
    add_tables(cases);
    return cases;
}

class HostileNames : public testing::Test {
protected:
    void SetUp() override {
        home_ = fs::current_path();
        folder_ = fs::path(testing::TempDir()) / ("eligo_hostile_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    }
    void TearDown() override {
        fs::current_path(home_);
        fs::remove_all(folder_);
    }

    Told run(const Case& each, const std::string& text, const Arguments& manner) const {
        fs::current_path(home_);
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "in");
        fs::current_path(folder_ / "in");
        Arguments arguments = each.make(text);
        arguments.insert(arguments.end(), manner.begin(), manner.end());
        const pid_t child = fork();
        if (child == 0) become(each, text, arguments);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFEXITED(status)) << each.name;
        EXPECT_LE(WEXITSTATUS(status), 2) << each.name;
        return {read("../output"), read("../errors")};
    }

    static void become(const Case& each, const std::string& text, const Arguments& arguments) {
        const int in = open("/dev/null", O_RDONLY), out = open("../output", O_WRONLY | O_CREAT | O_TRUNC, 0600), err = open("../errors", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(126);
        for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG", "ELIGO_RULES", "NO_COLOR"}) unsetenv(name);
        for (const auto& [name, value] : each.environment) setenv(name.c_str(), replaced(value, text).c_str(), 1);
        std::vector<char*> raw{const_cast<char*>("eligo")};
        for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
        raw.push_back(nullptr);
        execv(ELIGO_PROGRAM, raw.data());
        _exit(127);
    }

    fs::path home_, folder_;
};

// Our own colours taken out.
std::string without_colours(std::string text) {
    for (const char* code : {"0", "1", "2", "31", "32", "33", "34", "1;31", "1;32", "1;33", "1;36"}) {
        const std::string escape = "\x1b[" + std::string(code) + "m";
        for (std::size_t at = text.find(escape); at != std::string::npos; at = text.find(escape, at)) text.erase(at, escape.size());
    }
    return text;
}

// The first thing that steers a terminal, by its name.
std::optional<std::string> raw_in(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const eligo::value::CodePoint point = eligo::value::decode(text, at);
        if (!point.valid) return "byte " + std::to_string(static_cast<int>(point.value)) + " at " + std::to_string(at);
        const bool control = (point.value < 0x20 && point.value != '\n') || (point.value >= 0x7F && point.value < 0xA0) || point.value == 0x2028 || point.value == 0x2029;
        if (control || eligo::value::turns_direction(point.value) || point.value == 0x200B) return eligo::value::code_point_name(point.value) + " at " + std::to_string(at);
        at += point.length;
    }
    return std::nullopt;
}

// Of a name with line ends in a table, it is told once that there are such cells, which of the harmless name it is not.
std::string without_note_of_line_ends(const std::string& text) {
    std::istringstream stream(text);
    std::string kept;
    for (std::string line; std::getline(stream, line);) {
        if (line.find(" over several lines, ") == std::string::npos && line.find("单元格内有换行") == std::string::npos) kept += line + "\n";
    }
    return kept;
}

auto lines_of(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }
auto escapes_of(const std::string& text) { return std::count(text.begin(), text.end(), '\x1b'); }

TEST_F(HostileNames, SteerNoTerminalAndForgeNoLine) {
    std::size_t silent = 0, seen = 0;
    const std::vector<Case> cases = all_cases();
    for (const Case& each : cases) {
        for (const Arguments& manner : {Arguments{"--lang", "en"}, {"--lang", "zh", "--color", "always"}, {"--json"}}) {
            const Told harmless = run(each, each.in_a_source ? harmless_like(each.hostile) : "plain", manner), hostile = run(each, each.hostile, manner);
            const std::string shown = hostile.output + hostile.errors, errors = without_note_of_line_ends(hostile.errors);
            const std::string where = each.name + " " + manner.back() + "\n" + hostile.output + hostile.errors + "---\n" + harmless.output + harmless.errors;
            for (const auto& [of_hostile, of_harmless] : {std::pair(hostile.output, harmless.output), std::pair(errors, harmless.errors)}) {
                if (const auto raw = raw_in(without_colours(of_hostile))) ADD_FAILURE() << *raw << " in " << eligo::value::visible(where);
                EXPECT_EQ(lines_of(of_hostile), lines_of(of_harmless)) << where;
                EXPECT_EQ(escapes_of(of_hostile), escapes_of(of_harmless)) << where;
            }
            silent += shown.empty() ? 1U : 0U;
            seen += shown.find("<U+202E>") != std::string::npos || shown.find("\\u202e") != std::string::npos ? 1U : 0U;
        }
    }
    // Most cases show the text, or these comparisons would hold for want of it.
    EXPECT_GT(seen * 4, cases.size() * 3 * 3) << seen << " of " << cases.size() * 3;
    EXPECT_LT(silent * 10, cases.size() * 3);
}

// A report is HTML: nothing of a name is markup, and none turns the words around it.
TEST_F(HostileNames, AreNamesInTheReport) {
    const std::string text = anywhere + "</td><script>alert(1)</script>\" onclick=\"x";
    Case each{"report", text, [](const std::string& name) {
                  write_pack(name);
                  write("in.csv", "company_id,staff," + csv(name) + "\n" + csv(name) + ",500,1\nB,many,2\n");
                  return Arguments{"screen", "in.csv", "-o", "out.csv", "--report", "report.html", "--rules", "pack.eligo", "--as-of", "2018-06-01", "--known-on", "2018-01-01"};
              }};
    const Told told = run(each, text, {});
    const std::string html = read("report.html");
    ASSERT_FALSE(html.empty()) << told.errors;
    EXPECT_EQ(raw_in(html), std::nullopt);
    EXPECT_EQ(html.find("<script>alert"), std::string::npos);
    EXPECT_EQ(html.find("\" onclick"), std::string::npos);
    EXPECT_NE(html.find("<bdi>GrantA&lt;U+000A&gt;"), std::string::npos);
}

// Tables are data: what came in goes out, byte for byte.
TEST_F(HostileNames, StayAsTheyAreInTables) {
    Case each{"CSV", anywhere, [](const std::string& name) {
                  write("in.csv", "company_id,staff\n" + csv(name) + ",5\n" + csv(name) + ",many\n");
                  return with_rules({"screen", "in.csv", "-o", "out.csv", "--policy", "grant"});
              }};
    (void)run(each, anywhere, {});
    EXPECT_NE(read("out.csv").find(csv(anywhere)), std::string::npos);
    EXPECT_NE(read("out.rejects.csv").find("many"), std::string::npos);
}

}  // namespace
