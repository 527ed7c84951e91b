// A workbook's file: parts in a zip archive. ECMA-376 (part 2) tells them apart by their content types and finds them by relations,
// whatever they are called and wherever they lie; OpenDocument gives them fixed names. Memory does not grow with what the parts hold.
// Tested by workbook_test.cpp.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "problem.hpp"

namespace eligo::io {

// An element's or attribute's name without its prefix.
[[nodiscard]] std::string_view local_name(const char* name);

// Attributes as the parser hands them out: names and values by turns, and a null behind the last.
class Attributes {
public:
    explicit Attributes(const char** raw) : raw_(raw) {}
    // By the name without its prefix; empty where there is none.
    [[nodiscard]] std::string_view find(std::string_view name) const;
    // By the name with its prefix.
    [[nodiscard]] std::string_view find_prefixed(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;

private:
    [[nodiscard]] const char* value_of(std::string_view name) const;
    const char** raw_;
};

// Takes what is met while a part is parsed. `depth`: 1 for the element at the top.
class PartReader {
public:
    PartReader() = default;
    virtual ~PartReader() = default;
    PartReader(const PartReader&) = delete;
    PartReader& operator=(const PartReader&) = delete;
    virtual void begin(int depth, std::string_view element, const Attributes& attributes) = 0;
    virtual void end(int, std::string_view) {}
    virtual void text(std::string_view) {}
    // Asked behind each element that ends: whether parsing is to go on later, with what follows it.
    [[nodiscard]] virtual bool is_enough() const { return false; }
};

class Package {
public:
    // Nothing, and a problem, when it is no archive that can be read.
    [[nodiscard]] static std::unique_ptr<Package> open(const std::string& path, const std::atomic<bool>* stop, std::vector<Problem>& problems);
    ~Package();
    Package(const Package&) = delete;
    Package& operator=(const Package&) = delete;

    struct Relation {
        std::string type;    // without what tells editions of the standard apart: "worksheet"
        std::string target;  // the name of a part; empty where it lies outside
    };
    // The part that the package is there for. Empty, and a problem, where no relation leads to one.
    [[nodiscard]] std::string main_part(std::vector<Problem>& problems);
    // What it is: "application/…main+xml".
    [[nodiscard]] std::string content_type(const std::string& part) const;
    // The relations of a part, by their ids.
    [[nodiscard]] std::map<std::string, Relation> relations(const std::string& part);
    [[nodiscard]] bool has(const std::string& part) const { return find(part) != nullptr; }

    // A part while it is parsed, a piece at a time. One at a time: the one before it must be gone.
    class Parsing;
    [[nodiscard]] std::unique_ptr<Parsing> parse(const std::string& part, PartReader& reader);
    // All of a part. False when it is not there, broken, or larger than `most` bytes.
    [[nodiscard]] bool read(const std::string& part, PartReader& reader, std::uint64_t most);
    // Whether these bytes stand in a part; also when it is not plain enough to say so.
    [[nodiscard]] bool may_hold(const std::string& part, std::string_view bytes);

private:
    struct Entry {
        std::uint64_t offset = 0, number = 0;  // where minizip finds it
        std::uint64_t size = 0;
        bool is_locked = false, is_twice = false;
    };
    Package() = default;
    [[nodiscard]] bool list_entries(std::vector<Problem>& problems);
    [[nodiscard]] const Entry* find(const std::string& part) const;
    [[nodiscard]] bool go_to(const std::string& part);

    void* archive_ = nullptr;
    const std::atomic<bool>* stop_ = nullptr;
    std::map<std::string, Entry, std::less<>> entries_;  // by their names as `plain_name` has them
    std::map<std::string, std::string> types_by_part_, types_by_ending_;
};

class Package::Parsing {
public:
    ~Parsing();
    Parsing(const Parsing&) = delete;
    Parsing& operator=(const Parsing&) = delete;
    // Some more of it; false behind the end, when it is broken, and when someone has asked to stop.
    [[nodiscard]] bool advance();
    [[nodiscard]] bool is_broken() const { return broken_; }
    [[nodiscard]] std::uint64_t done() const { return done_; }
    [[nodiscard]] std::uint64_t in_all() const { return in_all_; }

private:
    friend class Package;
    Parsing(void* archive, PartReader& reader, std::uint64_t in_all, const std::atomic<bool>* stop);
    struct Parser;
    void* archive_;
    std::unique_ptr<Parser> parser_;
    const std::atomic<bool>* stop_;
    std::uint64_t done_ = 0, in_all_ = 0;
    bool broken_ = false, ended_ = false, paused_ = false, is_last_ = false;
};

// False, and a problem that says so.
bool refuse_to_read(std::vector<Problem>& problems, std::string chinese, std::string english);
// What is said of an archive that is no workbook.
bool not_a_workbook(std::vector<Problem>& problems);

}  // namespace eligo::io
