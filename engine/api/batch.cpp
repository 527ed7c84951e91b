// Door: include/eligo/batch.hpp. Arrow's columns become columnar::Columns that point into them; results become arrays that own
// their memory. Tested by tests/unit/batch_test.cpp.
#include "../../include/eligo/batch.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

#include "../columnar/run.hpp"
#include "../value/utf8.hpp"
#include "../explain/shown.hpp"
#include "../value/rational.hpp"
#include "../vm/profile_set.hpp"
#include "dates.hpp"
#include "pack_data.hpp"

namespace eligo {
namespace {

using bytecode::Fact;
using bytecode::Index;
using bytecode::Kind;
using columnar::Column;
using columnar::Element;

Error problem(const std::string& field, const std::string& chinese, const std::string& english) { return {field + "：" + chinese, field + ": " + english}; }

std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

// Released when it goes, as whoever takes a structure over must.
template <class T>
struct Owned {
    explicit Owned(T* structure) : of(structure) {}
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() {
        if (of != nullptr && of->release != nullptr) of->release(of);
    }
    T* of;
};

// ---- in

struct Storage {
    std::vector<std::unique_ptr<std::vector<std::int64_t>>> numbers;
    std::vector<std::unique_ptr<columnar::Batch>> elements;
    std::vector<std::string> texts;  // that the pack compares with nothing
};

class Importer {
public:
    Importer(const bytecode::Pack& pack, Storage& storage, value::Allowance& allowance) : pack_(pack), storage_(storage), allowance_(allowance) {}

    // The fields of a struct array as the columns of a batch; `offset` rows of each field come before the first that is meant.
    std::optional<Error> take(const ArrowSchema& schema, const ArrowArray& array, std::int64_t offset, std::int64_t rows, Index subject, columnar::Batch& batch, const std::string& prefix) {
        batch.subject = subject;
        batch.rows = static_cast<std::size_t>(rows);
        if (schema.n_children != array.n_children) return problem(prefix, "结构与数据不符", "the schema is not that of the array");
        for (std::int64_t i = 0; i < schema.n_children; ++i) {
            const ArrowSchema& field = *schema.children[i];
            const std::string name = field.name == nullptr ? "" : field.name;
            if (auto error = objection(field, *array.children[i], prefix + name)) return error;
            if (!allowance_.spend(batch.rows)) return ended();
            if (array.children[i]->length < offset + rows) return problem(prefix + name, "数据太短", "the array is too short");
            if (prefix.empty() && name == "company_id") continue;
            if (prefix.empty() && name == "fiscal_year") {
                if (auto error = take_fiscal_years(field, *array.children[i], offset, batch)) return error;
                continue;
            }
            if (auto error = take_field(field, *array.children[i], offset, rows, subject, batch, prefix + name, name)) return error;
        }
        return std::nullopt;
    }

    // A count of -1 is one that nobody has made, and a bitmap may be there without a null.
    static bool any_null(const ArrowArray& array, std::int64_t first, std::int64_t rows) {
        const columnar::Bits known = validity(array, first);
        for (std::size_t row = 0; known.exists() && row < static_cast<std::size_t>(rows); ++row)
            if (!known.at(row)) return true;
        return false;
    }

    // What the interface asks of every structure, as far as it can be seen: all that is read later on is there.
    static std::optional<Error> objection(const ArrowSchema& field, const ArrowArray& array, const std::string& key) {
        if (field.release == nullptr || array.release == nullptr || field.format == nullptr) return problem(key, "结构已释放或没有格式", "a structure that was released, or has no format");
        if (array.length < 0 || array.offset < 0 || array.n_children < 0) return problem(key, "长度或位置为负数", "a length or an offset below zero");
        const std::string_view format = field.format;
        const bool texts = are_texts(format);
        const std::int64_t buffers = format == "n" || format == "+s" ? 0 : texts ? 3 : 2;
        if (array.n_buffers < buffers || (buffers > 0 && array.buffers == nullptr)) return problem(key, "缓冲区数目不符", "too few buffers for its format");
        // Where texts are all empty there may be no bytes of any.
        if (buffers > 0 && array.length > 0 && array.buffers[1] == nullptr) return problem(key, "缺少缓冲区", "a buffer that is not there");
        if (field.dictionary != nullptr && array.dictionary != nullptr) return objection(*field.dictionary, *array.dictionary, key);
        return std::nullopt;
    }

private:
    // Memory for a column that cannot be read where it lies.
    std::vector<std::int64_t>* numbers(std::size_t count) {
        if (!allowance_.take(count * sizeof(std::int64_t))) return nullptr;
        return storage_.numbers.emplace_back(std::make_unique<std::vector<std::int64_t>>(count)).get();
    }
    std::optional<Error> ended() const { return detail::ended(allowance_.stopped()); }

    struct Place {
        Index column = bytecode::none;
        std::int32_t year = columnar::any_year;
    };

    std::optional<Place> place_of(Index subject, const std::string& name) const {
        const auto& columns = pack_.subjects[subject].columns;
        const auto find = [&](std::string_view wanted) {
            for (Index i = 0; i < columns.size(); ++i)
                if (pack_.string(columns[i].name) == wanted) return i;
            return bytecode::none;
        };
        if (const Index column = find(name); column != bytecode::none && !fact_of(subject, column).yearly) return Place{column};
        const std::size_t dot = name.rfind('.');
        if (dot == std::string::npos) return std::nullopt;
        const Index column = find(std::string_view(name).substr(0, dot));
        const auto year = vm::parse_year(std::string_view(name).substr(dot + 1));
        if (column == bytecode::none || !year || !fact_of(subject, column).yearly) return std::nullopt;
        return Place{column, *year};
    }
    const Fact& fact_of(Index subject, Index column) const {
        const auto& described = pack_.subjects[subject].columns[column];
        return pack_.subjects[described.subject].facts[described.fact()];
    }

    static columnar::Bits validity(const ArrowArray& array, std::int64_t first) {
        if (array.null_count == 0 || array.n_buffers < 1 || array.buffers[0] == nullptr) return {};
        return {static_cast<const std::uint8_t*>(array.buffers[0]), static_cast<std::size_t>(first)};
    }

    std::optional<Error> take_fiscal_years(const ArrowSchema& field, const ArrowArray& array, std::int64_t offset, columnar::Batch& batch) const {
        const columnar::Bits known = validity(array, array.offset + offset);
        if (std::string_view(field.format) != "i") return problem("fiscal_year", "应为int32", "expected int32");
        const auto* const years = static_cast<const std::int32_t*>(array.buffers[1]) + array.offset + offset;
        for (std::size_t row = 0; row < batch.rows; ++row)
            if ((known.exists() && !known.at(row)) || years[row] < vm::first_fiscal_year || years[row] > vm::last_fiscal_year)
                return problem("fiscal_year[" + std::to_string(row) + "]", "应为1900至2199的年度", "expected a fiscal year from 1900 to 2199");
        batch.fiscal_years = years;
        return std::nullopt;
    }

    std::optional<Error> take_field(const ArrowSchema& field, const ArrowArray& array, std::int64_t offset, std::int64_t rows, Index subject, columnar::Batch& batch, const std::string& key,
                                    const std::string& name) {
        const auto place = place_of(subject, name);
        if (!place) return problem(key, "没有这样的事实", "no such fact");
        const Fact& fact = fact_of(subject, place->column);
        const auto is_same = [&](const columnar::BatchColumn& other) { return other.column == place->column && other.year == place->year; };
        if (std::any_of(batch.columns.begin(), batch.columns.end(), is_same) || std::any_of(batch.lists.begin(), batch.lists.end(), [&](const auto& list) { return list.column == place->column; }))
            return problem(key, "给出了两次", "is given twice");
        if (fact.kind == Kind::List) return take_list(field, array, offset, rows, place->column, fact, batch, key);
        Column column;
        const std::int64_t first = array.offset + offset;
        column.known = validity(array, first);
        if (auto error = take_values(field, array, first, rows, fact, column, key)) return error;
        if (auto error = check_range(column, fact, rows, key)) return error;
        batch.columns.push_back({place->column, place->year, column});
        return std::nullopt;
    }

    std::optional<Error> take_list(const ArrowSchema& field, const ArrowArray& array, std::int64_t offset, std::int64_t rows, Index column, const Fact& fact, columnar::Batch& batch, const std::string& key) {
        const std::string_view format = field.format;
        if ((format != "+l" && format != "+L") || field.n_children != 1 || std::string_view(field.children[0]->format) != "+s") return problem(key, "应为结构的列表（+l或+L）", "expected a list of structs (+l or +L)");
        columnar::ListColumn list;
        list.column = column;
        const std::int64_t first = array.offset + offset;
        list.known = validity(array, first);
        if (format == "+l") list.offsets = static_cast<const std::int32_t*>(array.buffers[1]) + first;
        else list.long_offsets = static_cast<const std::int64_t*>(array.buffers[1]) + first;
        const ArrowArray& elements = *array.children[0];
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
            const std::int64_t begin = list.begin(row), end = list.end(row);
            if (begin < 0 || end < begin || end > elements.length) return problem(key + "[" + std::to_string(row) + "]", "列表的位置有误", "offsets that leave the list's elements");
            if (end - begin > fact.up_to) return problem(key + "[" + std::to_string(row) + "]", "元素多于" + std::to_string(fact.up_to) + "个", "more than " + std::to_string(fact.up_to) + " elements");
        }
        if (any_null(elements, elements.offset, elements.length)) return problem(key, "元素不能为空", "elements cannot be null");
        auto& made = storage_.elements.emplace_back(std::make_unique<columnar::Batch>());
        list.elements = made.get();
        if (auto error = take(*field.children[0], elements, elements.offset, elements.length, fact.ref, *made, key + "[].")) return error;
        batch.lists.push_back(list);
        return std::nullopt;
    }

    // ---- values

    static std::optional<Element> element_of(std::string_view format) {
        if (format == "c") return Element::Int8;
        if (format == "C") return Element::UInt8;
        if (format == "s") return Element::Int16;
        if (format == "S") return Element::UInt16;
        if (format == "i") return Element::Int32;
        if (format == "I") return Element::UInt32;
        if (format == "l") return Element::Int64;
        return std::nullopt;
    }
    static void point_at(Column& column, Element element, const ArrowArray& array, std::int64_t first) {
        column.element = element;
        column.values = static_cast<const std::byte*>(array.buffers[1]) + static_cast<std::size_t>(first) * columnar::bytes_of(element);
    }

    std::optional<Error> take_values(const ArrowSchema& field, const ArrowArray& array, std::int64_t first, std::int64_t rows, const Fact& fact, Column& column, const std::string& key) {
        const std::string_view format = field.format;
        if (field.dictionary != nullptr && array.dictionary != nullptr) return take_dictionary(field, array, first, rows, fact, column, key);
        if (fact.kind == Kind::Enum || fact.kind == Kind::Code || fact.kind == Kind::Text) {
            if (!are_texts(format)) return problem(key, "应为文本", "expected texts");
            return take_texts(format, array, first, rows, fact, column, key);
        }
        if (format == "b") {
            if (fact.kind != Kind::Bool) return problem(key, "不应为布尔值", "did not expect truths");
            column.element = Element::Bit;
            column.values = array.buffers[1];
            column.first_bit = static_cast<std::size_t>(first);
            return std::nullopt;
        }
        if (format == "tdD") {
            if (fact.kind != Kind::Date) return problem(key, "不应为日期", "did not expect dates");
            point_at(column, Element::Int32, array, first);
            return std::nullopt;
        }
        if (fact.kind == Kind::Date) return problem(key, "应为日期（tdD）", "expected dates (tdD)");
        if (format.starts_with("d:")) return take_decimals(format.substr(2), array, first, rows, fact, column, key);
        const auto element = element_of(format);
        if (!element) return problem(key, "不支持的列格式" + std::string(format), "a format that is not read here: " + std::string(format));
        point_at(column, *element, array, first);
        column.multiplier = fact.kind == Kind::Bool ? 1 : fact.unit.denominator / fact.unit.numerator;
        return std::nullopt;
    }

    std::optional<Error> take_decimals(std::string_view format, const ArrowArray& array, std::int64_t first, std::int64_t rows, const Fact& fact, Column& column, const std::string& key) {
        int parts[3] = {0, 0, 128};
        const char* at = format.data();
        const char* const end = at + format.size();
        for (int& part : parts) {
            if (at == end) break;
            const auto [next, failed] = std::from_chars(at, end, part);
            if (failed != std::errc{}) return problem(key, "小数格式有误", "a decimal format that cannot be read");
            at = next != end && *next == ',' ? next + 1 : next;
        }
        const int scale = parts[1];
        const std::int64_t steps = fact.unit.denominator / fact.unit.numerator;  // of a one
        if (fact.kind == Kind::Bool || scale < 0 || scale > 18 || steps % power_of_ten(scale) != 0) return problem(key, "小数位数过多", "more decimals than the fact has");
        column.multiplier = steps / power_of_ten(scale);
        if (parts[2] == 32 || parts[2] == 64) {
            point_at(column, parts[2] == 32 ? Element::Int32 : Element::Int64, array, first);
            return std::nullopt;
        }
        if (parts[2] != 128) return problem(key, "不支持的小数宽度", "decimals of a width that is not read here");
        auto* const made = this->numbers(static_cast<std::size_t>(rows));
        if (made == nullptr) return ended();
        auto& numbers = *made;
        for (std::size_t row = 0; row < numbers.size(); ++row) {
            value::Int128 number = 0;
            std::memcpy(&number, static_cast<const std::byte*>(array.buffers[1]) + (static_cast<std::size_t>(first) + row) * sizeof number, sizeof number);
            if (column.known.exists() && !column.known.at(row)) continue;
            if (!value::fits_int64(number)) return out_of_range(fact, key, row);
            numbers[row] = static_cast<std::int64_t>(number);
        }
        column.values = numbers.data();
        return std::nullopt;
    }

    static bool are_texts(std::string_view format) { return format == "u" || format == "U" || format == "vu"; }

    // A text of up to 12 bytes stands in its view; a longer one where the view says, in one of the buffers behind the views, whose
    // lengths the last buffer holds. Nothing where it cannot stand.
    static std::optional<std::string_view> viewed_text(const ArrowArray& array, std::int64_t row) {
        const auto* const view = static_cast<const char*>(array.buffers[1]) + row * 16;
        std::int32_t size = 0, buffer = 0, offset = 0;
        std::memcpy(&size, view, sizeof size);
        if (size < 0) return std::nullopt;
        if (size <= 12) return std::string_view(view + 4, static_cast<std::size_t>(size));
        std::memcpy(&buffer, view + 8, sizeof buffer);
        std::memcpy(&offset, view + 12, sizeof offset);
        if (buffer < 0 || buffer >= array.n_buffers - 3 || offset < 0) return std::nullopt;
        if (static_cast<const std::int64_t*>(array.buffers[array.n_buffers - 1])[buffer] < std::int64_t{offset} + size) return std::nullopt;
        return std::string_view(static_cast<const char*>(array.buffers[2 + buffer]) + offset, static_cast<std::size_t>(size));
    }
    static std::optional<std::string_view> text_at(std::string_view format, const ArrowArray& array, std::int64_t row) {
        if (format == "vu") return viewed_text(array, row);
        const char* const bytes = static_cast<const char*>(array.buffers[2]);
        const auto cut = [&](auto* offsets) -> std::optional<std::string_view> {
            if (offsets[row] < 0 || offsets[row + 1] < offsets[row]) return std::nullopt;
            return std::string_view(bytes + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row]));
        };
        if (format == "U") return cut(static_cast<const std::int64_t*>(array.buffers[1]));
        return cut(static_cast<const std::int32_t*>(array.buffers[1]));
    }

    std::optional<Error> number_of(const Fact& fact, std::optional<std::string_view> text, const std::string& key, std::int64_t& number) {
        if (!text) return problem(key, "文本的位置有误", "a text that leaves its buffer");
        if (!allowance_.spend(1 + text->size() / 8)) return ended();
        if (value::first_invalid(*text)) return problem(key, "应为UTF-8文本", "expected a text in UTF-8");
        vm::Cell cell;
        const auto refused = vm::read_cell(pack_, fact, vm::Scalar::Text, *text, storage_.texts, cell);
        if (refused) return problem(key, "应为" + refused->expected_chinese + "，而不是“" + refused->found + "”", "expected " + refused->expected_english + ", found \"" + refused->found + "\"");
        number = cell.low;
        return std::nullopt;
    }

    std::optional<Error> take_texts(std::string_view format, const ArrowArray& array, std::int64_t first, std::int64_t rows, const Fact& fact, Column& column, const std::string& key) {
        auto* const made = this->numbers(static_cast<std::size_t>(rows));
        if (made == nullptr) return ended();
        auto& numbers = *made;
        for (std::size_t row = 0; row < numbers.size(); ++row) {
            if (column.known.exists() && !column.known.at(row)) continue;
            if (auto error = number_of(fact, text_at(format, array, first + static_cast<std::int64_t>(row)), key + "[" + std::to_string(row) + "]", numbers[row])) return error;
        }
        column.values = numbers.data();
        return std::nullopt;
    }

    // The indices stay where they are; each text of the dictionary is looked up once. One that no row means may be anything.
    std::optional<Error> take_dictionary(const ArrowSchema& field, const ArrowArray& array, std::int64_t first, std::int64_t rows, const Fact& fact, Column& column, const std::string& key) {
        const auto element = element_of(field.format);
        const std::string_view texts = field.dictionary->format;
        const bool textual = fact.kind == Kind::Enum || fact.kind == Kind::Code || fact.kind == Kind::Text;
        if (!element || !are_texts(texts) || !textual) return problem(key, "字典应为文本，而事实应为选项、代码或文本", "expected a dictionary of texts, for a choice, a code or a text");
        point_at(column, *element, array, first);
        const ArrowArray& dictionary = *array.dictionary;
        const auto size = static_cast<std::size_t>(dictionary.length);
        const columnar::Bits has_text = validity(dictionary, dictionary.offset);
        std::vector<bool> meant(size, false);
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
            if (column.known.exists() && !column.known.at(row)) continue;
            const std::int64_t index = element_at(column, row);
            if (index < 0 || static_cast<std::size_t>(index) >= size) return problem(key + "[" + std::to_string(row) + "]", "超出字典", "an index outside the dictionary");
            if (has_text.exists() && !has_text.at(static_cast<std::size_t>(index))) return problem(key + "[" + std::to_string(row) + "]", "字典中的空值", "a null of the dictionary");
            meant[static_cast<std::size_t>(index)] = true;
        }
        auto* const made = this->numbers(size);
        if (made == nullptr) return ended();
        auto& numbers = *made;
        for (std::size_t i = 0; i < size; ++i)
            if (meant[i])
                if (auto error = number_of(fact, text_at(texts, dictionary, dictionary.offset + static_cast<std::int64_t>(i)), key, numbers[i])) return error;
        column.dictionary = numbers.data();
        column.dictionary_size = size;
        return std::nullopt;
    }

    template <class T>
    static std::int64_t element_as(const Column& column, std::size_t row) { return static_cast<std::int64_t>(static_cast<const T*>(column.values)[row]); }
    static std::int64_t element_at(const Column& column, std::size_t row) {
        switch (column.element) {
            case Element::Int8: return element_as<std::int8_t>(column, row);
            case Element::UInt8: return element_as<std::uint8_t>(column, row);
            case Element::Int16: return element_as<std::int16_t>(column, row);
            case Element::UInt16: return element_as<std::uint16_t>(column, row);
            case Element::Int32: return element_as<std::int32_t>(column, row);
            case Element::UInt32: return element_as<std::uint32_t>(column, row);
            case Element::Int64: return element_as<std::int64_t>(column, row);
            case Element::Bit: break;
        }
        return 0;
    }

    Error out_of_range(const Fact& fact, const std::string& key, std::size_t row) const {
        const vm::Expectation expected = vm::expectation_of(pack_, fact);
        return problem(key + "[" + std::to_string(row) + "]", "应为" + expected.chinese, "expected " + expected.english);
    }

    // The engine relies on values lying within what their fact declares; their bounds make it faster.
    std::optional<Error> check_range(Column& column, const Fact& fact, std::int64_t rows, const std::string& key) const {
        if (column.dictionary != nullptr || column.element == Element::Bit) return std::nullopt;
        bool any = false;
        std::int64_t least = 0, greatest = 0;
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
            if (column.known.exists() && !column.known.at(row)) continue;
            const value::Int128 number = value::Int128{element_at(column, row)} * column.multiplier;
            if (number < fact.low || number > fact.high) return out_of_range(fact, key, row);
            const auto inside = static_cast<std::int64_t>(number);
            least = any ? std::min(least, inside) : inside;
            greatest = any ? std::max(greatest, inside) : inside;
            any = true;
        }
        column.bounded = any;
        column.least = least;
        column.greatest = greatest;
        return std::nullopt;
    }

    const bytecode::Pack& pack_;
    Storage& storage_;
    value::Allowance& allowance_;
};

// ---- out: every structure owns what it points to, so that it can be released by itself or moved away by its parent's consumer

// Released before it is deleted, whether or not its parent came to be.
struct Release {
    template <class Structure>
    void operator()(Structure* structure) const {
        if (structure->release != nullptr) structure->release(structure);
        delete structure;
    }
};
template <class Structure>
using Made = std::unique_ptr<Structure, Release>;
template <class Structure>
Made<Structure> new_structure() { return Made<Structure>(new Structure{}); }

struct SchemaOwner {
    std::string format, name;
    std::vector<Made<ArrowSchema>> children;
    std::vector<ArrowSchema*> pointers;
    Made<ArrowSchema> dictionary;
};
struct ArrayOwner {
    std::vector<std::vector<std::byte>> memory;
    std::vector<const void*> buffers;
    std::vector<Made<ArrowArray>> children;
    std::vector<ArrowArray*> pointers;
    Made<ArrowArray> dictionary;
};

template <class Structure, class Owner>
void release(Structure* structure) {
    auto* const owner = static_cast<Owner*>(structure->private_data);
    for (Structure* const child : owner->pointers)
        if (child->release != nullptr) child->release(child);
    if (owner->dictionary != nullptr && owner->dictionary->release != nullptr) owner->dictionary->release(owner->dictionary.get());
    structure->release = nullptr;
    delete owner;
}

void finish(ArrowSchema& schema, std::unique_ptr<SchemaOwner> owner, std::int64_t flags) {
    schema = {};
    for (const auto& child : owner->children) owner->pointers.push_back(child.get());
    schema.format = owner->format.c_str();
    schema.name = owner->name.c_str();
    schema.flags = flags;
    schema.n_children = static_cast<std::int64_t>(owner->pointers.size());
    schema.children = owner->pointers.data();
    schema.dictionary = owner->dictionary.get();
    schema.release = release<ArrowSchema, SchemaOwner>;
    schema.private_data = owner.release();
}
void finish(ArrowArray& array, std::unique_ptr<ArrayOwner> owner, std::int64_t length, std::int64_t null_count) {
    array = {};
    for (const auto& child : owner->children) owner->pointers.push_back(child.get());
    array.length = length;
    array.null_count = null_count;
    array.n_buffers = static_cast<std::int64_t>(owner->buffers.size());
    array.buffers = owner->buffers.data();
    array.n_children = static_cast<std::int64_t>(owner->pointers.size());
    array.children = owner->pointers.data();
    array.dictionary = owner->dictionary.get();
    array.release = release<ArrowArray, ArrayOwner>;
    array.private_data = owner.release();
}

// What a buffer points to stays where it is, whatever becomes of the vector around its memory.
std::byte* keep(ArrayOwner& owner, std::size_t bytes) { return owner.memory.emplace_back(std::max<std::size_t>(bytes, 1)).data(); }

template <class Text>
void put_texts(std::span<const Text> texts, ArrayOwner& owner) {
    std::vector<std::int32_t> offsets{0};
    std::string bytes;
    for (const std::string_view text : texts) {
        bytes += text;
        offsets.push_back(static_cast<std::int32_t>(bytes.size()));
    }
    std::byte* const kept_offsets = keep(owner, offsets.size() * sizeof(std::int32_t));
    std::memcpy(kept_offsets, offsets.data(), offsets.size() * sizeof(std::int32_t));
    std::byte* const kept_bytes = keep(owner, bytes.size());
    std::memcpy(kept_bytes, bytes.data(), bytes.size());
    owner.buffers.insert(owner.buffers.end(), {kept_offsets, kept_bytes});
}

void make_texts(std::span<const std::string_view> texts, ArrowSchema& schema, ArrowArray& array) {
    auto described = std::make_unique<SchemaOwner>();
    described->format = "u";
    finish(schema, std::move(described), 0);
    auto owner = std::make_unique<ArrayOwner>();
    owner->buffers.push_back(nullptr);
    put_texts(texts, *owner);
    finish(array, std::move(owner), static_cast<std::int64_t>(texts.size()), 0);
}

// A column of decimals that holds every amount a benefit may come to, with all its digits.
struct DecimalType {
    int scale = 0;
    bool wide = false;  // 256 bits and up to 76 digits, where 128 bits and 38 digits do not do
};
std::optional<DecimalType> decimal_type(const columnar::BenefitColumn& benefit) {
    const bytecode::Unit& unit = benefit.unit;
    const auto scale = value::Rational::of(unit.numerator, unit.denominator).decimals();
    if (!scale) return std::nullopt;
    std::size_t digits = 0;
    for (const value::Int128 end : {benefit.least, benefit.greatest}) {
        const std::string text = value::exact_text({end, 1, unit.numerator, unit.denominator});
        const std::string_view whole = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
        digits = std::max(digits, whole.starts_with('0') ? 0 : std::min(whole.find('.'), whole.size()));
    }
    digits += static_cast<std::size_t>(*scale);
    if (digits > 76) return std::nullopt;
    return DecimalType{*scale, digits > 38};
}

bool is_decimal(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

}  // namespace

namespace detail {

struct ScreeningData {
    std::shared_ptr<const PackData> pack;
    Index subject = bytecode::none;
    std::vector<Index> policies;
    columnar::PlanOptions options;
    struct Ready {
        std::unique_ptr<columnar::Plan> plan;
        std::unique_ptr<columnar::Memory> memory;
    };
    Ready ready[2];  // all rows of one fiscal year; each row of its own

    Ready& made(bool by_row) {
        Ready& one = ready[by_row ? 1 : 0];
        if (one.plan == nullptr) {
            columnar::PlanOptions with = options;
            with.fiscal_year_by_row = by_row;
            one.plan = std::make_unique<columnar::Plan>(pack->pack, subject, policies, with);
            one.memory = std::make_unique<columnar::Memory>(*one.plan);
        }
        return one;
    }
};

}  // namespace detail

namespace {

// What one policy came to, before it is laid out.
struct Results {
    std::vector<columnar::Verdict> verdicts;
    struct Amounts {
        std::vector<value::Int128> low, high;
        std::vector<columnar::Given> given;
    };
    std::vector<Amounts> amounts;

    void make(const columnar::PolicyColumns& policy, std::size_t rows) {
        verdicts.resize(rows);
        amounts.resize(policy.benefits.size());
        for (auto& each : amounts) {
            each.low.resize(rows);
            each.high.resize(rows);
            each.given.resize(rows);
        }
    }
};

// Of all results and of the arrays that are made of them.
std::uint64_t bytes_of_results(std::span<const columnar::PolicyColumns> policies, std::size_t rows) {
    std::uint64_t bytes_of_a_row = 0;
    for (const auto& policy : policies) bytes_of_a_row += 2 + policy.benefits.size() * (4 * sizeof(value::Int128) + 2);
    return bytes_of_a_row * rows;
}

// Where they go from a row on.
columnar::Output output_of(std::vector<Results>& results, std::size_t first) {
    columnar::Output output;
    for (Results& each : results) {
        columnar::PolicyOutput& to = output.policies.emplace_back();
        to.verdicts = each.verdicts.data() + first;
        for (auto& amounts : each.amounts) to.amounts.push_back({.wide_low = amounts.low.data() + first, .wide_high = amounts.high.data() + first, .given = amounts.given.data() + first});
    }
    return output;
}

constexpr std::size_t bytes_of_a_planned_instruction = 400;

void make_verdicts(const Results& results, const std::string& name, ArrowSchema& schema, ArrowArray& array) {
    static constexpr std::string_view words[] = {"eligible", "ineligible", "undetermined", "not_in_force"};
    auto described = std::make_unique<SchemaOwner>();
    auto owner = std::make_unique<ArrayOwner>();
    described->format = "c";
    described->name = name;
    described->dictionary = new_structure<ArrowSchema>();
    owner->dictionary = new_structure<ArrowArray>();
    make_texts(words, *described->dictionary, *owner->dictionary);
    finish(schema, std::move(described), 0);
    std::byte* const values = keep(*owner, results.verdicts.size());
    // Of no company there is nowhere to copy from.
    if (!results.verdicts.empty()) std::memcpy(values, results.verdicts.data(), results.verdicts.size());
    owner->buffers = {nullptr, values};
    finish(array, std::move(owner), static_cast<std::int64_t>(results.verdicts.size()), 0);
}

struct AmountColumn {
    const bytecode::Pack& pack;
    const columnar::BenefitColumn& benefit;
    const Results::Amounts& amounts;

    [[nodiscard]] std::size_t rows() const { return amounts.given.size(); }
    [[nodiscard]] bool is_known(std::size_t row) const { return amounts.given[row] == columnar::Given::Yes && amounts.low[row] == amounts.high[row]; }
    // Each known amount; what is not known stays 0.
    template <class T>
    std::byte* put(ArrayOwner& owner, auto value_of) const {
        std::byte* const values = keep(owner, rows() * sizeof(T));
        for (std::size_t row = 0; row < rows(); ++row) {
            if (!is_known(row)) continue;
            const T value = value_of(amounts.low[row]);
            std::memcpy(values + row * sizeof value, &value, sizeof value);
        }
        return values;
    }
    std::byte* put_bits(ArrayOwner& owner, auto is_set) const {
        std::byte* const bits = keep(owner, (rows() + 7) / 8);
        for (std::size_t row = 0; row < rows(); ++row)
            if (is_set(row)) bits[row / 8] |= std::byte{1} << (row % 8);
        return bits;
    }
};

std::string put_decimals(const AmountColumn& column, ArrayOwner& owner) {
    const bytecode::Unit& unit = column.benefit.unit;
    const DecimalType type = *decimal_type(column.benefit);
    const std::string scale = std::to_string(type.scale);
    if (type.wide) {
        owner.buffers.push_back(column.put<std::array<std::uint64_t, 4>>(owner, [&](value::Int128 amount) { return value::exact_decimal({amount, 1, unit.numerator, unit.denominator}, type.scale); }));
        return "d:76," + scale + ",256";
    }
    value::UInt128 factor = 1;
    for (int i = 0; i < type.scale; ++i) factor *= 10;
    factor = factor / static_cast<value::UInt128>(unit.denominator) * static_cast<value::UInt128>(unit.numerator);
    owner.buffers.push_back(column.put<value::Int128>(owner, [factor](value::Int128 amount) { return amount * static_cast<value::Int128>(factor); }));
    return "d:38," + scale;
}

std::string put_texts(const AmountColumn& column, ArrayOwner& owner) {
    bytecode::Measure measure;
    measure.kind = column.benefit.kind;
    measure.ref = column.benefit.ref;
    std::vector<std::string> texts(column.rows());
    for (std::size_t row = 0; row < texts.size(); ++row)
        if (column.is_known(row)) texts[row] = explain::plain_text(column.pack, measure, column.amounts.low[row]);
    put_texts(std::span<const std::string>(texts), owner);
    return "u";
}

// The values of a benefit in the buffers of its kind; the format.
std::string put_values(const AmountColumn& column, ArrayOwner& owner) {
    if (is_decimal(column.benefit.kind)) return put_decimals(column, owner);
    if (column.benefit.kind == Kind::Date) {
        owner.buffers.push_back(column.put<std::int32_t>(owner, [](value::Int128 day) { return static_cast<std::int32_t>(day); }));
        return "tdD";
    }
    if (column.benefit.kind != Kind::Bool) return put_texts(column, owner);
    owner.buffers.push_back(column.put_bits(owner, [&](std::size_t row) { return column.is_known(row) && column.amounts.low[row] != 0; }));
    return "b";
}

void make_amounts(const AmountColumn& column, const std::string& name, ArrowSchema& schema, ArrowArray& array) {
    auto described = std::make_unique<SchemaOwner>();
    auto owner = std::make_unique<ArrayOwner>();
    std::int64_t nulls = 0;
    for (std::size_t row = 0; row < column.rows(); ++row) nulls += column.is_known(row) ? 0 : 1;
    owner->buffers.push_back(column.put_bits(*owner, [&](std::size_t row) { return column.is_known(row); }));
    described->format = put_values(column, *owner);
    described->name = name;
    finish(schema, std::move(described), ARROW_FLAG_NULLABLE);
    finish(array, std::move(owner), static_cast<std::int64_t>(column.rows()), nulls);
}

}  // namespace

Screening::Screening(std::unique_ptr<detail::ScreeningData> data) : data_(std::move(data)) {}
Screening::Screening(Screening&&) noexcept = default;
Screening& Screening::operator=(Screening&&) noexcept = default;
Screening::~Screening() = default;

Result<Screening> Screening::make(const Pack& pack, std::span<const std::string_view> policies, const Question& question) {
    auto data = std::make_unique<detail::ScreeningData>();
    data->pack = detail::PackData::of(pack);
    const bytecode::Pack& inside = data->pack->pack;
    for (const std::string_view name : policies) {
        const auto found = std::find_if(inside.policies.begin(), inside.policies.end(), [&](const auto& policy) { return inside.string(policy.name) == name; });
        if (found == inside.policies.end()) return problem(std::string(name), "没有这样的政策", "no such policy");
        if (data->subject != bytecode::none && data->subject != found->subject) return problem(std::string(name), "与前面的政策对象不同", "about another vocabulary than the policies before it");
        data->subject = found->subject;
        data->policies.push_back(static_cast<Index>(found - inside.policies.begin()));
    }
    if (data->policies.empty()) return Error{"没有政策", "no policy was named"};
    std::vector<Index> different = data->policies;
    std::sort(different.begin(), different.end());
    if (std::adjacent_find(different.begin(), different.end()) != different.end()) return Error{"同一政策给出了两次", "a policy is named twice"};
    const auto as_of = api::day_of(question.as_of);
    if (!as_of) return Error{"评估日应在1900年至2199年之间", "the day of the evaluation lies outside 1900 .. 2199"};
    data->options.as_of = *as_of;
    if (question.known_on) {
        const auto known_on = api::day_of(*question.known_on);
        if (!known_on) return Error{"公布截止日应在1900年至2199年之间", "the day up to which publications count lies outside 1900 .. 2199"};
        data->options.known_on = *known_on;
    }
    // Before the plan is made: of all instructions, though it may need fewer.
    value::Allowance allowance = question.limits == nullptr ? value::Allowance() : detail::allowance_of(*question.limits);
    const std::size_t instructions = inside.subjects[data->subject].program.code.size();
    if (!allowance.take(instructions * bytes_of_a_planned_instruction) || !allowance.spend(instructions)) return detail::ended(allowance.stopped());
    for (const columnar::PolicyColumns& policy : data->made(false).plan->policies())
        for (const columnar::BenefitColumn& benefit : policy.benefits)
            if (is_decimal(benefit.kind) && !decimal_type(benefit))
                return problem(inside.string(inside.policies[policy.policy].name) + "." + inside.string(benefit.name), "可能多于76位数字，Arrow的小数列容不下", "may have more than 76 digits, more than a column of decimals holds");
    return Screening(std::move(data));
}

std::vector<std::string> Screening::fields() const {
    std::vector<std::string> names;
    if (data_ == nullptr) return names;
    const bytecode::Pack& pack = data_->pack->pack;
    for (const columnar::Input& input : data_->made(false).plan->inputs()) {
        const auto& own = pack.subjects[data_->subject].columns;
        if (input.is_list || input.list == bytecode::none) {
            names.push_back(pack.string(own[input.column].name) + (input.yearly ? "." + std::to_string(input.year) : ""));
            continue;
        }
        const auto& list = pack.subjects[own[input.list].subject].facts[own[input.list].fact()];
        names.push_back(pack.string(own[input.list].name) + "[]." + pack.string(pack.subjects[list.ref].columns[input.column].name) + (input.yearly ? "." + std::to_string(input.year) : ""));
    }
    return names;
}

Result<bool> Screening::run(ArrowSchema* schema, ArrowArray* array, ArrowSchema* out_schema, ArrowArray* out_array, const Limits& limits) {
    const Owned<ArrowSchema> own_schema(schema);
    const Owned<ArrowArray> own_array(array);
    if (data_ == nullptr || schema == nullptr || array == nullptr || out_schema == nullptr || out_array == nullptr) return Error{"缺少结构", "a structure is null"};
    value::Allowance allowance = detail::allowance_of(limits);
    if (auto error = Importer::objection(*schema, *array, "")) return *error;
    if (std::string_view(schema->format) != "+s") return Error{"应为结构数组（+s）", "expected a struct array (+s)"};
    if (Importer::any_null(*array, array->offset, array->length)) return Error{"行不能为空", "rows cannot be null"};
    const bytecode::Pack& pack = data_->pack->pack;
    Storage storage;
    columnar::Batch batch;
    if (auto error = Importer(pack, storage, allowance).take(*schema, *array, array->offset, array->length, data_->subject, batch, "")) return *error;
    auto& ready = data_->made(batch.fiscal_years != nullptr);
    const auto policies = ready.plan->policies();
    const std::size_t rows = batch.rows;
    if (!allowance.take(bytes_of_results(policies, rows))) return detail::ended(allowance.stopped());
    std::vector<Results> results(policies.size());
    for (std::size_t i = 0; i < policies.size(); ++i) results[i].make(policies[i], rows);
    // What a run that memory ran out for has left in the working memory, nobody knows: it is put back afterwards.
    auto memory = std::exchange(ready.memory, nullptr);
    if (memory == nullptr) memory = std::make_unique<columnar::Memory>(*ready.plan);
    const std::size_t at_once = std::max<std::size_t>(ready.plan->block_rows(), 1);
    for (std::size_t first = 0; first < rows; first += at_once) {
        const std::size_t count = std::min(at_once, rows - first);
        if (!allowance.spend(count * ready.plan->instruction_count())) break;
        columnar::run(*ready.plan, *memory, batch, first, count, output_of(results, first));
    }
    ready.memory = std::move(memory);
    if (!allowance.may_go_on()) return detail::ended(allowance.stopped());

    auto described = std::make_unique<SchemaOwner>();
    described->format = "+s";
    auto owner = std::make_unique<ArrayOwner>();
    const auto next = [&] {
        described->children.push_back(new_structure<ArrowSchema>());
        owner->children.push_back(new_structure<ArrowArray>());
    };
    for (std::size_t i = 0; i < policies.size(); ++i) {
        const std::string& name = pack.string(pack.policies[policies[i].policy].name);
        next();
        make_verdicts(results[i], name, *described->children.back(), *owner->children.back());
        for (std::size_t k = 0; k < policies[i].benefits.size(); ++k) {
            next();
            make_amounts({pack, policies[i].benefits[k], results[i].amounts[k]}, name + "." + pack.string(policies[i].benefits[k].name), *described->children.back(), *owner->children.back());
        }
    }
    owner->buffers = {nullptr};
    const auto made_schema = new_structure<ArrowSchema>();
    const auto made_array = new_structure<ArrowArray>();
    finish(*made_schema, std::move(described), 0);
    finish(*made_array, std::move(owner), static_cast<std::int64_t>(rows), 0);
    // Given out when nothing can fail any more.
    *out_schema = *made_schema;
    *out_array = *made_array;
    made_schema->release = nullptr;
    made_array->release = nullptr;
    return true;
}

}  // namespace eligo
