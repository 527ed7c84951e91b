// A pack to bytes and back. What a struct is made of is said once, in `fields`, and walked by a writer and by a
// reader, so that the two cannot drift apart. Doors: image.hpp. Tested by tests/unit/bytecode_test.cpp.
//
// Layout: "ELIGO\0", the format number (4 bytes), FNV-1a of all that follows (8 bytes), then the pack: numbers
// little-endian at their own width, a list or a text behind its length in 4 bytes, nothing aligned, nothing after.
#include "image.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <type_traits>

namespace eligo::bytecode {
namespace {

inline constexpr std::array<std::uint8_t, 6> magic = {'E', 'L', 'I', 'G', 'O', 0};
inline constexpr std::size_t header_size = magic.size() + 4 + 8;

// T, const (when written) or not (when read).
template <class Given, class T>
concept Like = std::same_as<std::remove_const_t<Given>, T>;

template <class Archive>
void fields(Archive& archive, Like<Instruction> auto& it) { archive(it.opcode, it.a, it.b, it.c); }
template <class Archive>
void fields(Archive& archive, Like<Label> auto& it) { archive(it.chinese, it.english); }
template <class Archive>
void fields(Archive& archive, Like<Unit> auto& it) { archive(it.numerator, it.denominator); }
template <class Archive>
void fields(Archive& archive, Like<EnumMember> auto& it) { archive(it.name, it.label); }
template <class Archive>
void fields(Archive& archive, Like<Enumeration> auto& it) { archive(it.members); }
template <class Archive>
void fields(Archive& archive, Like<Fact> auto& it) {
    archive(it.name, it.label, it.kind, it.whole, it.percent, it.yearly, it.ref, it.unit, it.low, it.high, it.low_fact, it.high_fact,
            it.default_kind, it.default_value, it.up_to, it.change);
}
template <class Archive>
void fields(Archive& archive, Like<Column> auto& it) { archive(it.path, it.name, it.subject); }
template <class Archive>
void fields(Archive& archive, Like<Slot> auto& it) { archive(it.column, it.year_offset); }
template <class Archive>
void fields(Archive& archive, Like<ListInput> auto& it) { archive(it.column, it.element, it.fields); }
template <class Archive>
void fields(Archive& archive, Like<Constant> auto& it) { archive(it.low, it.high); }
template <class Archive>
void fields(Archive& archive, Like<WideConstant> auto& it) { archive(it.low, it.high); }
template <class Archive>
void fields(Archive& archive, Like<Set> auto& it) { archive(it.intervals); }
template <class Archive>
void fields(Archive& archive, Like<ParameterEntry> auto& it) { archive(it.from, it.to, it.published, it.value, it.citations); }
template <class Archive>
void fields(Archive& archive, Like<Parameter> auto& it) {
    archive(it.name, it.label, it.kind, it.percent, it.ref, it.unit, it.entries, it.low, it.high);
}
template <class Archive>
void fields(Archive& archive, Like<Program> auto& it) {
    archive(it.code, it.slots, it.lists, it.constants, it.wide_constants, it.sets);
}
template <class Archive>
void fields(Archive& archive, Like<Measure> auto& it) {
    archive(it.value, it.denominator, it.defined, it.unit, it.kind, it.whole, it.percent, it.ref);
}
template <class Archive>
void fields(Archive& archive, Like<Reading> auto& it) {
    archive(it.name, it.is_let, it.year_offset, it.yearly, it.label, it.measure, it.slot);
}
template <class Archive>
void fields(Archive& archive, Like<Comparison> auto& it) {
    archive(it.left_text, it.right_text, it.left_label, it.left, it.right, it.relation, it.outcome);
}
template <class Archive>
void fields(Archive& archive, Like<Question> auto& it) { archive(it.policy, it.list); }
template <class Archive>
void fields(Archive& archive, Like<Clause> auto& it) {
    archive(it.kind, it.guard_kind, it.at_least, it.name, it.path, it.label, it.citations, it.parent, it.children, it.outcome, it.guard,
            it.readings, it.comparisons, it.questions);
}
template <class Archive>
void fields(Archive& archive, Like<Benefit> auto& it) { archive(it.name, it.label, it.citations, it.always, it.when, it.measure); }
template <class Archive>
void fields(Archive& archive, Like<Conflict> auto& it) { archive(it.policy, it.citations); }
template <class Archive>
void fields(Archive& archive, Like<Bounds> auto& it) { archive(it.instructions, it.words); }
template <class Archive>
void fields(Archive& archive, Like<Version> auto& it) {
    archive(it.from, it.to, it.day, it.in_force, it.verdict, it.label, it.authority, it.clauses, it.top_clauses, it.benefits, it.lets,
            it.conflicts, it.bounds);
}
template <class Archive>
void fields(Archive& archive, Like<Policy> auto& it) { archive(it.name, it.subject, it.versions); }
template <class Archive>
void fields(Archive& archive, Like<Subject> auto& it) { archive(it.name, it.label, it.is_record, it.facts, it.columns, it.program); }
template <class Archive>
void fields(Archive& archive, Like<Pack> auto& it) {
    archive(it.strings, it.enumerations, it.parameters, it.subjects, it.policies, it.texts);
}

class Writer {
public:
    explicit Writer(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

    template <class... T>
    void operator()(const T&... values) { (write(values), ...); }

private:
    void write_number(value::UInt128 number, std::size_t width) {
        for (std::size_t i = 0; i < width; ++i) bytes_.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
    }
    void write(bool truth) { bytes_.push_back(truth ? 1 : 0); }
    void write(value::Int128 number) { write_number(static_cast<value::UInt128>(number), 16); }
    template <std::integral T>
    void write(T number) { write_number(static_cast<std::make_unsigned_t<T>>(number), sizeof(T)); }
    template <class T>
        requires std::is_enum_v<T>
    void write(T member) { write(static_cast<std::underlying_type_t<T>>(member)); }
    void write(const std::string& text) {
        write(static_cast<std::uint32_t>(text.size()));
        bytes_.insert(bytes_.end(), text.begin(), text.end());
    }
    template <class T>
    void write(const std::vector<T>& list) {
        write(static_cast<std::uint32_t>(list.size()));
        for (const T& element : list) write(element);
    }
    template <class T>
        requires std::is_class_v<T>
    void write(const T& record) { fields(*this, record); }

    std::vector<std::uint8_t>& bytes_;
};

// After the first fault nothing more is read: what follows stays as it was, and `good` is false.
class Reader {
public:
    Reader(std::span<const std::uint8_t> bytes, value::Allowance& allowance) : rest_(bytes), allowance_(allowance) {}

    template <class... T>
    void operator()(T&... values) { (read(values), ...); }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    [[nodiscard]] bool take(std::size_t count, std::span<const std::uint8_t>& taken) {
        if (!good_ || count > rest_.size()) {
            good_ = false;
            return false;
        }
        taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return true;
    }
    value::UInt128 read_number(std::size_t width) {
        std::span<const std::uint8_t> taken;
        value::UInt128 number = 0;
        if (!take(width, taken)) return 0;
        for (std::size_t i = width; i-- > 0;) number = number << 8 | taken[i];
        return number;
    }
    void read(bool& truth) {
        const auto byte = read_number(1);
        // Any other byte would be written back as 1, and an image has one spelling.
        if (byte > 1) good_ = false;
        truth = byte == 1;
    }
    void read(value::Int128& number) { number = static_cast<value::Int128>(read_number(16)); }
    template <std::integral T>
    void read(T& number) { number = static_cast<T>(static_cast<std::make_unsigned_t<T>>(read_number(sizeof(T)))); }
    template <class T>
        requires std::is_enum_v<T>
    void read(T& member) {
        std::underlying_type_t<T> number{};
        read(number);
        member = static_cast<T>(number);
    }
    // A length; each element takes a byte at least, so a greater one than there are bytes is a fault at once.
    std::size_t read_length() {
        const auto length = static_cast<std::size_t>(read_number(4));
        if (length > rest_.size()) good_ = false;
        return good_ ? length : 0;
    }
    void read(std::string& text) {
        std::span<const std::uint8_t> taken;
        if (!take(read_length(), taken)) return;
        // What is short stands within the string itself.
        if (taken.size() > text.capacity()) good_ = allowance_.take(taken.size() + 1);
        if (good_) text.assign(taken.begin(), taken.end());
    }
    // Grows by what was really read, never by what a length claims.
    template <class T>
    void read(std::vector<T>& list) {
        const std::size_t length = read_length(), begin = rest_.size();
        for (std::size_t i = 0; i < length && good_; ++i) {
            if (list.size() == list.capacity() && !make_room(list)) return;
            read(list.emplace_back());
        }
        good_ = good_ && allowance_.spend(begin - rest_.size());
    }
    template <class T>
    bool make_room(std::vector<T>& list) {
        const std::size_t before = list.capacity(), after = std::max<std::size_t>(1, before * 2);
        good_ = allowance_.take(after * sizeof(T));
        if (good_) list.reserve(after);
        if (good_) allowance_.give_back(before * sizeof(T));
        return good_;
    }
    template <class T>
        requires std::is_class_v<T>
    void read(T& record) { fields(*this, record); }

    std::span<const std::uint8_t> rest_;
    value::Allowance& allowance_;
    bool good_ = true;
};

std::uint64_t checksum(std::span<const std::uint8_t> bytes) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001B3;
    return hash;
}

bool has_magic(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < header_size) return false;
    for (std::size_t i = 0; i < magic.size(); ++i)
        if (bytes[i] != magic[i]) return false;
    return true;
}

}  // namespace

std::vector<std::uint8_t> write_image(const Pack& pack) {
    std::vector<std::uint8_t> body;
    Writer write_body(body);
    write_body(pack);

    std::vector<std::uint8_t> image(magic.begin(), magic.end());
    Writer write_header(image);
    write_header(image_format, checksum(body));
    image.insert(image.end(), body.begin(), body.end());
    return image;
}

std::optional<Pack> read_image(std::span<const std::uint8_t> bytes, Fault& fault, value::Allowance* allowance) {
    value::Allowance everything;
    if (allowance == nullptr) allowance = &everything;
    const auto refuse = [&](Invariant invariant, const std::string& chinese, const std::string& english) {
        const std::string name = " [" + std::string(row(invariant).name) + "]";
        fault = {invariant, chinese + name, english + name};
        return std::nullopt;
    };
    if (bytes.size() > most_pack_bytes) return refuse(Invariant::pack_size, rule_of(row(Invariant::pack_size), true), rule_of(row(Invariant::pack_size), false));
    if (!has_magic(bytes)) return refuse(Invariant::pack_mark, "这不是编译好的规则包", "this is not a compiled pack");
    Reader read_header(bytes.subspan(magic.size(), header_size - magic.size()), *allowance);
    std::uint32_t format = 0;
    std::uint64_t expected = 0;
    read_header(format, expected);
    if (format != image_format) {
        const std::string found = std::to_string(format), known = std::to_string(image_format);
        return refuse(Invariant::pack_format, "规则包的格式为" + found + "，本程序读取格式" + known, "the pack has format " + found + ", this program reads format " + known);
    }
    const auto body = bytes.subspan(header_size);
    if (checksum(body) != expected) return refuse(Invariant::pack_checksum, "规则包已损坏：校验和与内容不符", "the pack is damaged: its checksum does not fit its content");
    Pack pack;
    Reader read_body(body, *allowance);
    read_body(pack);
    if (!allowance->may_go_on()) return std::nullopt;
    if (!read_body.good() || !read_body.at_end()) return refuse(Invariant::pack_length, "规则包已损坏：内容过早或过晚结束", "the pack is damaged: its content ends too early or too late");
    // About what verifying takes for each instruction, until it is done (tests/limits/no_memory.cpp).
    constexpr std::uint64_t bytes_of_proofs = 200;
    std::uint64_t meanwhile = 0;
    for (const Subject& subject : pack.subjects) meanwhile += subject.program.code.size() * bytes_of_proofs;
    if (!allowance->take(meanwhile)) return std::nullopt;
    fault = verify(pack);
    allowance->give_back(meanwhile);
    if (fault.found() || !allowance->spend(body.size())) return std::nullopt;
    return pack;
}

}  // namespace eligo::bytecode
