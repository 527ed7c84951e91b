#include "arrow_rows.hpp"

#include <cstring>
#include <deque>
#include <string_view>

#include <eligo/batch.hpp>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/vm/profile_set.hpp"
#include "made_rows.hpp"

namespace eligo::oracle {
namespace {

using bytecode::Kind;

// A field of two rows, which lies in place until the whole is let go.
struct Field {
    std::string name, format, bytes;
    std::vector<std::int64_t> numbers;
    std::vector<std::int32_t> offsets;
    std::vector<const void*> buffers;
    ArrowSchema schema{};
    ArrowArray array{};
};

void release_nothing(ArrowSchema* schema) { schema->release = nullptr; }
void release_nothing(ArrowArray* array) { array->release = nullptr; }

class Table {
public:
    Table(const bytecode::Pack& pack, bytecode::Index subject) {
        for (const bytecode::Column& column : pack.subjects[subject].columns) {
            const bytecode::Fact& fact = pack.subjects[column.subject].facts[column.fact()];
            if (fact.kind == Kind::List) continue;
            const std::string name = pack.string(column.name);
            if (!fact.yearly) add(pack, fact, name);
            for (int back = 0; fact.yearly && back < 2; ++back) add(pack, fact, name + "." + std::to_string(made_year - back));
        }
        for (Field& field : fields_) {
            finish(field);
            schemas_.push_back(&field.schema);
            arrays_.push_back(&field.array);
        }
        schema.format = "+s";
        schema.n_children = static_cast<std::int64_t>(schemas_.size());
        schema.children = schemas_.data();
        schema.release = release_nothing;
        array.length = rows;
        array.n_buffers = 1;
        array.buffers = &nothing_;
        array.n_children = static_cast<std::int64_t>(arrays_.size());
        array.children = arrays_.data();
        array.release = release_nothing;
    }
    ArrowSchema schema{};
    ArrowArray array{};

private:
    static constexpr std::int64_t rows = 2;

    void add(const bytecode::Pack& pack, const bytecode::Fact& fact, const std::string& name) {
        Field& field = fields_.emplace_back();
        field.name = name;
        const std::int64_t ends[] = {fact.low, fact.high};
        switch (fact.kind) {
            case Kind::Bool:
                field.format = "b";
                field.numbers = {2};
                break;
            case Kind::Date:
                field.format = "tdD";
                for (const std::int64_t end : ends) field.offsets.push_back(static_cast<std::int32_t>(end));
                break;
            case Kind::Number: case Kind::Money: case Kind::Months: case Kind::Days: {
                std::size_t scale = 0;
                for (std::int64_t steps = fact.unit.denominator; steps > 1; steps /= 10) ++scale;
                field.format = scale == 0 ? "l" : "d:38," + std::to_string(scale) + ",64";
                field.numbers.assign(ends, ends + rows);
                break;
            }
            default:
                field.format = "u";
                field.offsets = {0};
                for (const std::int64_t end : ends) {
                    field.bytes += fact.kind == Kind::Text ? std::string("text") : vm::plain_value(pack, fact, end);
                    field.offsets.push_back(static_cast<std::int32_t>(field.bytes.size()));
                }
                break;
        }
    }
    static void finish(Field& field) {
        field.buffers = {nullptr, field.offsets.empty() ? static_cast<const void*>(field.numbers.data()) : field.offsets.data()};
        if (field.format == "u") field.buffers.push_back(field.bytes.data());
        field.schema.format = field.format.c_str();
        field.schema.name = field.name.c_str();
        field.schema.release = release_nothing;
        field.array.length = rows;
        field.array.n_buffers = static_cast<std::int64_t>(field.buffers.size());
        field.array.buffers = field.buffers.data();
        field.array.release = release_nothing;
    }

    std::deque<Field> fields_;
    std::vector<ArrowSchema*> schemas_;
    std::vector<ArrowArray*> arrays_;
    const void* nothing_ = nullptr;
};

}  // namespace

std::string screened_by_arrow(const bytecode::Pack& pack, bytecode::Index subject, const std::vector<bytecode::Index>& policies) {
    const auto loaded = Pack::read(bytecode::write_image(pack));
    if (!loaded) return loaded.error().english;
    std::vector<std::string_view> names;
    for (const bytecode::Index policy : policies) names.push_back(pack.string(pack.policies[policy].name));
    auto screening = Screening::make(loaded.value(), names, {.as_of = std::chrono::year(made_year) / 6 / 1, .known_on = {}});
    // A column of decimals holds 76 digits at most, which is told beforehand.
    if (!screening) return screening.error().english.find("more than 76 digits") != std::string::npos ? "" : screening.error().english;
    (void)screening.value().fields();
    Table table(pack, subject);
    ArrowSchema schema{};
    ArrowArray array{};
    const auto ran = screening.value().run(&table.schema, &table.array, &schema, &array);
    // Both ends of a code's range need not be codes themselves.
    if (!ran) return ran.error().english.find("code") != std::string::npos ? "" : ran.error().english;
    schema.release(&schema);
    array.release(&array);
    return {};
}

}  // namespace eligo::oracle
