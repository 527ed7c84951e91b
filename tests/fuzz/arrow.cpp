// Bytes as columns of shops by way of the Arrow C Data Interface: fields of any fact and any format, with offsets, nulls, dictionaries,
// lists and views. Memory is as large as the interface says it must be, and what it can say of itself (lengths, places of texts and of
// elements) is anything. Columns are refused with a reason, or there is a verdict for each row; whatever changed hands is released once.
// Broken when: a place outside a buffer is believed, or a column is read as wider than it is.
#include <eligo/batch.hpp>
#include <eligo/eligo.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shop.hpp"
#include "target.hpp"

namespace {

using namespace eligo;

// The input, byte by byte; zeros when it is used up.
class Bytes {
public:
    Bytes(const std::uint8_t* data, std::size_t size) : data_(data), rest_(size) {}
    std::uint8_t next() {
        if (rest_ == 0) return 0;
        --rest_;
        return *data_++;
    }
    std::size_t below(std::size_t count) { return next() % count; }
    std::uint64_t number() {
        std::uint64_t number = 0;
        for (int i = 0; i < 8; ++i) number = number << 8 | next();
        return number;
    }

private:
    const std::uint8_t* data_;
    std::size_t rest_;
};

int alive = 0;
// Each structure is its own to release; its memory belongs to the producer below.
template <class Structure>
void release(Structure* structure) {
    fuzz::require(structure->release != nullptr, "released twice");
    for (std::int64_t i = 0; i < structure->n_children; ++i)
        if (structure->children[i]->release != nullptr) structure->children[i]->release(structure->children[i]);
    if (structure->dictionary != nullptr && structure->dictionary->release != nullptr) structure->dictionary->release(structure->dictionary);
    structure->release = nullptr;
    --alive;
}

struct Field {
    ArrowSchema schema{};
    ArrowArray array{};
};

constexpr const char* facts[] = {"opened", "staff", "skilled", "sales.2017", "sales.2016", "weight", "share", "lease", "sort", "industry", "town", "owner", "chain", "audited.2017", "audited", "goods",
                                 "company_id", "fiscal_year", "unheard_of"};
constexpr const char* fields_of_goods[] = {"price", "made", "from", "company_id"};
constexpr const char* formats[] = {"b", "c", "C", "s", "S", "i", "I", "l", "L", "g", "tdD", "d:9,2", "d:18,4,64", "d:9,2,32", "d:38,18", "d:,", "u", "U", "vu", "n", ""};
constexpr std::string_view words[] = {"food", "工具", "C39", "I65", "x", "y", "", "a text of more than twelve bytes"};

class Producer {
public:
    explicit Producer(Bytes& bytes) : bytes_(bytes) {}

    Field& table() {
        const std::size_t rows = bytes_.below(70);
        std::vector<Field*> children;
        // One fact after another, so that hardly any is given twice, which is refused.
        std::size_t fact = bytes_.below(std::size(facts));
        for (std::size_t count = bytes_.below(16); count > 0; --count) {
            fact = (fact + (bytes_.below(16) == 1 ? bytes_.next() : 1)) % std::size(facts);
            const char* const name = facts[fact];
            const bool list = std::strcmp(name, "goods") == 0 && bytes_.below(8) != 1;
            children.push_back(list ? &goods(name, rows) : &values(name, own_format(name), rows));
        }
        return nested("", "+s", rows, std::move(children), {});
    }

private:
    // Mostly one that the fact can have.
    const char* own_format(std::string_view name) {
        if (bytes_.below(8) == 1) return formats[bytes_.below(std::size(formats))];
        const auto one_of = [this](auto... choices) {
            const char* const all[] = {choices...};
            return all[bytes_.below(std::size(all))];
        };
        if (name == "opened" || name == "made") return "tdD";
        if (name == "fiscal_year") return "i";
        if (name == "chain" || name.starts_with("audited")) return one_of("b", "c");
        if (name == "sort" || name == "industry" || name == "town" || name == "owner" || name == "from" || name == "company_id") return one_of("u", "U", "vu", "c", "S");
        return one_of("c", "S", "i", "l", "d:9,2", "d:18,2,64", "d:9,2,32");
    }

    void* memory(std::size_t size) { return memory_.emplace_back(std::make_unique<std::uint8_t[]>(std::max<std::size_t>(size, 1))).get(); }

    Field& field(const std::string& name, const std::string& format, std::size_t length, std::size_t offset, std::vector<const void*> buffers) {
        Field& made = *fields_.emplace_back(std::make_unique<Field>());
        auto& kept = *buffers_.emplace_back(std::make_unique<std::vector<const void*>>(std::move(buffers)));
        auto* const validity = static_cast<std::uint8_t*>(memory((length + offset + 7) / 8));
        const std::size_t nulls = bytes_.below(4);
        for (std::size_t i = 0; i < (length + offset + 7) / 8; ++i) validity[i] = nulls == 1 ? bytes_.next() : 0xFF;
        kept.insert(kept.begin(), nulls < 2 ? nullptr : validity);
        if (nulls == 1) kept.front() = validity;
        made.schema.format = text(format);
        made.schema.name = text(name);
        made.schema.flags = ARROW_FLAG_NULLABLE;
        made.schema.release = release<ArrowSchema>;
        made.array.length = static_cast<std::int64_t>(length);
        made.array.null_count = nulls == 0 ? 0 : -1;
        made.array.offset = static_cast<std::int64_t>(offset);
        made.array.n_buffers = static_cast<std::int64_t>(kept.size());
        made.array.buffers = kept.data();
        made.array.release = release<ArrowArray>;
        alive += 2;
        return made;
    }

    const char* text(const std::string& text) { return texts_.emplace_back(std::make_unique<std::string>(text))->c_str(); }

    Field& nested(const std::string& name, const std::string& format, std::size_t length, std::vector<Field*> children, std::vector<const void*> buffers) {
        Field& made = field(name, format, length, 0, std::move(buffers));
        auto& schemas = *schemas_.emplace_back(std::make_unique<std::vector<ArrowSchema*>>());
        auto& arrays = *arrays_.emplace_back(std::make_unique<std::vector<ArrowArray*>>());
        for (Field* const child : children) {
            schemas.push_back(&child->schema);
            arrays.push_back(&child->array);
        }
        made.schema.n_children = made.array.n_children = static_cast<std::int64_t>(children.size());
        made.schema.children = schemas.data();
        made.array.children = arrays.data();
        return made;
    }

    Field& goods(const std::string& name, std::size_t rows) {
        const std::size_t elements = bytes_.below(32);
        std::vector<Field*> children;
        for (std::size_t count = bytes_.below(5); count > 0; --count) {
            const char* const of = fields_of_goods[bytes_.below(std::size(fields_of_goods))];
            children.push_back(&values(of, own_format(of), elements));
        }
        Field& items = nested("item", "+s", elements, std::move(children), {});
        if (bytes_.below(2) == 0) return nested(name, "+l", rows, {&items}, {places<std::int32_t>(rows, elements)});
        return nested(name, "+L", rows, {&items}, {places<std::int64_t>(rows, elements)});
    }

    // Where texts or elements begin: one behind the other, now and then anywhere.
    template <class T>
    const void* places(std::size_t count, std::size_t end) {
        auto* const to = static_cast<T*>(memory((count + 1) * sizeof(T)));
        const bool anywhere = bytes_.below(8) == 1;
        for (std::size_t i = 0, at = 0; i <= count; ++i) {
            to[i] = static_cast<T>(at);
            if (anywhere && bytes_.below(4) == 1) to[i] = static_cast<T>(bytes_.number());
            if (i < count) at = std::min(end, at + bytes_.below(4));
        }
        return to;
    }

    // Of texts the interface does not say where their bytes end, so the places lie within them, in whatever order.
    template <class T>
    Field& plain_texts(const std::string& name, const std::string& format, std::size_t length, std::size_t offset) {
        std::string all;
        auto* const to = static_cast<T*>(memory((length + offset + 1) * sizeof(T)));
        for (std::size_t i = 0; i < length + offset; ++i) {
            all += words[bytes_.below(std::size(words))];
            to[i + 1] = static_cast<T>(all.size());
        }
        if (bytes_.below(8) == 1)
            for (std::size_t i = 0; i <= length + offset; ++i)
                if (bytes_.below(4) == 1) to[i] = static_cast<T>(bytes_.number() % (all.size() + 1));
        void* const kept = memory(all.size());
        std::memcpy(kept, all.data(), all.size());
        return field(name, format, length, offset, {to, kept});
    }

    // Of views it does: behind the buffers of texts stand their lengths.
    Field& viewed_texts(const std::string& name, std::size_t length, std::size_t offset) {
        std::string all;
        auto* const views = static_cast<std::uint8_t*>(memory((length + offset) * 16));
        for (std::size_t i = 0; i < length + offset; ++i) {
            const std::string_view word = words[bytes_.below(std::size(words))];
            const std::int32_t parts[4] = {static_cast<std::int32_t>(word.size()), 0, 0, static_cast<std::int32_t>(all.size())};
            std::memcpy(views + i * 16, parts, sizeof parts);
            if (word.size() <= 12) std::memcpy(views + i * 16 + 4, word.data(), word.size());
            else all += word;
            if (bytes_.below(32) != 1) continue;
            for (std::size_t at = 0; at < 16; ++at) views[i * 16 + at] = bytes_.next();
        }
        void* const kept = memory(all.size());
        std::memcpy(kept, all.data(), all.size());
        auto* const size = static_cast<std::int64_t*>(memory(sizeof(std::int64_t)));
        *size = static_cast<std::int64_t>(all.size());
        return field(name, "vu", length, offset, {views, kept, size});
    }

    Field& values(const std::string& name, const std::string& format, std::size_t rows) {
        const std::size_t length = rows + (bytes_.below(16) == 1 ? 3 : 0), offset = bytes_.below(8) == 1 ? bytes_.below(70) : 0;
        if (format == "u") return plain_texts<std::int32_t>(name, format, length, offset);
        if (format == "U") return plain_texts<std::int64_t>(name, format, length, offset);
        if (format == "vu") return viewed_texts(name, length, offset);
        const std::size_t width = format == "b"                                                               ? 1
                                  : format == "c" || format == "C"                                            ? 1
                                  : format == "s" || format == "S"                                            ? 2
                                  : format == "i" || format == "I" || format == "tdD" || format == "d:9,2,32" ? 4
                                  : format == "l" || format == "L" || format == "g" || format == "d:18,4,64" || format == "d:18,2,64" ? 8
                                                                                                              : 16;
        auto* const to = static_cast<std::uint8_t*>(memory((length + offset) * width));
        const bool any = bytes_.below(8) == 1;
        for (std::size_t i = 0; i < length + offset; ++i) {
            std::int64_t number = any ? static_cast<std::int64_t>(bytes_.number()) : bytes_.next() % 8;
            if (!any && format == "tdD") number += 17'000;
            if (!any && name == "fiscal_year") number += 2'013;
            const std::int64_t whole[2] = {number, number < 0 ? -1 : 0};
            std::memcpy(to + i * width, whole, width);
        }
        Field& made = field(name, format, length, offset, {to});
        const bool textual = name == "sort" || name == "industry" || name == "town" || name == "owner" || name == "from";
        if (!textual && bytes_.below(32) != 1) return made;
        Field& dictionary = values("", bytes_.below(2) == 0 ? "u" : "vu", 8);
        made.schema.dictionary = &dictionary.schema;
        made.array.dictionary = &dictionary.array;
        return made;
    }

    Bytes& bytes_;
    std::vector<std::unique_ptr<Field>> fields_;
    std::vector<std::unique_ptr<std::vector<const void*>>> buffers_;
    std::vector<std::unique_ptr<std::uint8_t[]>> memory_;
    std::vector<std::unique_ptr<std::string>> texts_;
    std::vector<std::unique_ptr<std::vector<ArrowSchema*>>> schemas_;
    std::vector<std::unique_ptr<std::vector<ArrowArray*>>> arrays_;
};

Screening& screening() {
    static Screening made = [] {
        using namespace std::chrono_literals;
        const Compiled compiled = compile({{"shop.policy", fuzz::shop_rules}});
        fuzz::require(compiled.ok(), "the rules do not compile");
        constexpr std::string_view both[] = {"plain", "stocked"};
        return Screening::make(*compiled.pack, both, {.as_of = 2018y / 6 / 1}).value();
    }();
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes(data, size);
    Producer producer(bytes);
    Field& given = producer.table();
    const std::int64_t rows = given.array.length;
    Field results;
    const auto ran = screening().run(&given.schema, &given.array, &results.schema, &results.array);
    fuzz::require(alive == 0, "what was taken over was not released");
    if (!ran) {
        fuzz::require(!ran.error().chinese.empty() && !ran.error().english.empty(), "refused without a reason");
        return 0;
    }
    fuzz::require(results.array.length == rows && results.array.n_children == 4, "not a verdict and a grant for each row and policy");
    for (const std::int64_t child : {0, 2}) {
        const ArrowArray& verdicts = *results.array.children[child];
        fuzz::require(verdicts.length == rows, "fewer verdicts than rows");
        for (std::int64_t row = 0; row < rows; ++row) fuzz::require(static_cast<const std::uint8_t*>(verdicts.buffers[1])[row] < 4, "no verdict");
    }
    results.schema.release(&results.schema);
    results.array.release(&results.array);
    return 0;
}
