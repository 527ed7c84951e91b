#include "commands.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/cli/commands.hpp"
#include "../../engine/cli/print.hpp"
#include "../../engine/vm/profile_set.hpp"
#include "made_rows.hpp"

namespace eligo::oracle {
namespace {

namespace fs = std::filesystem;
using Add = void (*)(CLI::App&, cli::Program&);
constexpr const char* any_subject = "SUBJECT";  // stands for the name of the pack's subject

// Sends both streams nowhere while it lives.
class Silence {
public:
    Silence() {
        std::fflush(nullptr);
        const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
            kept_[stream] = dup(stream);
            dup2(nowhere, stream);
        }
        close(nowhere);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    ~Silence() {
        std::fflush(nullptr);
        for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
            dup2(kept_[stream], stream);
            close(kept_[stream]);
        }
    }

private:
    int kept_[3] = {};
};

void write_file(const std::string& path, const auto& bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

const bytecode::Fact& leaf(const bytecode::Pack& pack, const bytecode::Column& column) { return pack.subjects[column.subject].facts[column.fact()]; }

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return result + "\"";
}

std::string value_text(const bytecode::Pack& pack, const bytecode::Fact& fact, std::int64_t value) {
    const std::string text = fact.kind == bytecode::Kind::Text ? "x" : vm::plain_value(pack, fact, value);
    return fact.kind == bytecode::Kind::Bool ? text : quoted(text);
}

// The facts of a subject at their low end, or at their high one; lists with two elements.
std::string object(const bytecode::Pack& pack, bytecode::Index subject, bool low) {
    std::string text;
    for (std::size_t i = 0; i < pack.subjects[subject].facts.size(); ++i) {
        const bytecode::Fact& fact = pack.subjects[subject].facts[i];
        const std::string value = value_text(pack, fact, low ? fact.low : fact.high);
        text += (text.empty() ? "" : ", ") + quoted(pack.string(fact.name)) + ": ";
        if (fact.kind == bytecode::Kind::Record) text += object(pack, fact.ref, low);
        else if (fact.kind == bytecode::Kind::List) text += "[" + object(pack, fact.ref, low) + (fact.up_to > 1 ? ", {}]" : "]");
        else if (fact.yearly) text += "{\"2017\": " + value + ", \"2018\": " + value + "}";
        else text += value;
    }
    return "{" + text + "}";
}

std::string table(const bytecode::Pack& pack, bytecode::Index subject) {
    std::string header = "company_id", low = "a", high = "b";
    for (const bytecode::Column& column : pack.subjects[subject].columns) {
        const bytecode::Fact& fact = leaf(pack, column);
        if (fact.kind == bytecode::Kind::List) continue;
        header += "," + pack.string(column.name) + (fact.yearly ? ".2018" : "");
        low += "," + quoted(fact.kind == bytecode::Kind::Text ? "x" : vm::plain_value(pack, fact, fact.low));
        high += "," + quoted(fact.kind == bytecode::Kind::Text ? "y" : vm::plain_value(pack, fact, fact.high));
    }
    return header + "\n" + low + "\n" + high + "\nc\n";
}

}  // namespace

struct Commands::Command {
    CLI::App app;
    cli::Program program;
    std::vector<std::string> arguments;

    Command(Add add, std::vector<std::string> words) : arguments(std::move(words)) {
        const char* const name = "eligo";
        program.command_line = name;
        program.settings = cli::default_settings(1, &name);
        add(app, program);
        cli::add_settings(app, program.settings);
        for (CLI::App* const command : app.get_subcommands({})) cli::add_settings(*command, program.settings);
    }
    cli::Status run(const std::string& subject) {
        std::vector<std::string> words(arguments.rbegin(), arguments.rend());
        std::ranges::replace(words, std::string(any_subject), subject);
        try {
            app.parse(words);
            return program.run();
        } catch (const CLI::ParseError&) {
            return cli::Status::Interrupted;
        }
    }
};

Commands::Commands() {
    folder_ = (fs::exists("/dev/shm") ? "/dev/shm/eligo-mutants-" : "/tmp/eligo-mutants-") + std::to_string(getpid());
    fs::create_directories(folder_);
    const std::string pack = folder_ + "/pack.eligo", profiles = folder_ + "/profiles.json", companies = folder_ + "/companies.csv", out = folder_ + "/out.csv";
    const auto add = [&](Add command, std::vector<std::string> words) { commands_.push_back(std::make_unique<Command>(command, std::move(words))); };
    for (const std::string language : {"zh", "en"}) {
        add(cli::add_check, {"check", profiles, "--rules", pack, "--as-of", "2018-06-01", "--lang", language});
        add(cli::add_inspect, {"inspect", pack, "--disassemble", "--bounds", "--lang", language});
        add(cli::add_inspect, {"inspect", pack, "--lang", language});
        add(cli::add_list, {"list", "--rules", pack, "--lang", language});
        add(cli::add_facts, {"facts", "--rules", pack, "--lang", language});
        add(cli::add_screen, {"screen", companies, "--rules", pack, "--as-of", "2018-06-01", "-o", out, "--report", folder_ + "/report.html", "--explain", "--threads", "1", "--lang", language});
        add(cli::add_new, {"new", any_subject, "--rules", pack, "--lang", language});
    }
    add(cli::add_check, {"check", profiles, "--rules", pack, "--as-of", "2018-06-01", "--json"});
    add(cli::add_inspect, {"inspect", pack, "--json", "--disassemble", "--bounds"});
    add(cli::add_list, {"list", "--rules", pack, "--json"});
    add(cli::add_facts, {"facts", "--rules", pack, "--json"});
    add(cli::add_schema, {"schema", any_subject, "--rules", pack});
    add(cli::add_new, {"new", any_subject, "--rules", pack, "--format", "csv"});
}

Commands::~Commands() {
    std::error_code unheard;
    fs::remove_all(folder_, unheard);
}

std::string Commands::run_all(const bytecode::Pack& pack) {
    write_file(folder_ + "/pack.eligo", bytecode::write_image(pack));
    const bytecode::Index subject = pack.policies.empty() ? 0 : pack.policies.back().subject;
    if (subject >= pack.subjects.size()) return {};
    write_file(folder_ + "/profiles.json", "[" + object(pack, subject, true) + ", " + object(pack, subject, false) + ", {}]");
    write_file(folder_ + "/companies.csv", table(pack, subject));
    const Silence silence;
    for (const auto& command : commands_) {
        const cli::Status status = command->run(pack.string(pack.subjects[subject].name));
        if (status != cli::Status::Ran && status != cli::Status::Wrong && status != cli::Status::DidNotHold) return "a command line that is not understood: " + command->arguments.front();
    }
    return {};
}

}  // namespace eligo::oracle
