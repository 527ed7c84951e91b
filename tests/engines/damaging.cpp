#include "damaging.hpp"

#include <algorithm>
#include <boost/pfr.hpp>
#include <concepts>
#include <limits>
#include <string>
#include <type_traits>

namespace eligo::oracle {
namespace {

std::size_t below(Random& random, std::size_t count) { return count == 0 ? 0 : static_cast<std::size_t>(random() % count); }

// ---- bytes

struct Stretch {
    std::size_t begin, length;
};

// Mostly short: a long one destroys so much that the first check refuses it.
Stretch stretch(const Image& image, Random& random) {
    const std::size_t begin = image_header + below(random, image.size() - image_header);
    const std::size_t most = std::size_t{1} << below(random, 12);
    return {begin, std::min(image.size() - begin, 1 + below(random, most))};
}

std::ptrdiff_t at(std::size_t offset) { return static_cast<std::ptrdiff_t>(offset); }

Image copy(const Image& image, Stretch from) { return {image.begin() + at(from.begin), image.begin() + at(from.begin + from.length)}; }

void overwrite(Image& image, std::size_t begin, const Image& bytes) {
    for (std::size_t i = 0; i < bytes.size() && begin + i < image.size(); ++i) image[begin + i] = bytes[i];
}

void insert(Image& image, std::size_t begin, const Image& bytes) { image.insert(image.begin() + at(begin), bytes.begin(), bytes.end()); }

// What lengths and indices are most likely to be taken wrongly for.
void write_number(Image& image, std::size_t begin, Random& random) {
    static constexpr std::uint64_t telling[] = {0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF};
    const std::uint64_t number = telling[below(random, std::size(telling))];
    const std::size_t width = std::size_t{1} << below(random, 4);
    for (std::size_t i = 0; i < width && begin + i < image.size(); ++i) image[begin + i] = static_cast<std::uint8_t>(number >> (8 * i));
}

// ---- fields

template <class T>
concept Integer = std::integral<T> || std::same_as<T, value::Int128>;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

// Walks all fields of a pack and hands the one whose turn it is to `change`. Instructions outnumber everything else, so
// they can be left out.
class Walk {
public:
    Walk(std::size_t target, bool with_code, Random& random) : target_(target), with_code_(with_code), random_(random) {}

    template <class T>
    void visit(T& field) {
        if constexpr (is_vector<T>) {
            if (!with_code_ && std::same_as<T, std::vector<bytecode::Instruction>>) return;
            if (turn()) change_list(field);
            for (auto& element : field) visit(element);
        } else if constexpr (Integer<T> || std::is_enum_v<T> || std::same_as<T, std::string>) {
            if (turn()) change(field);
        } else {
            boost::pfr::for_each_field(field, [this](auto& inner) { visit(inner); });
        }
    }
    [[nodiscard]] std::size_t seen() const { return seen_; }

private:
    bool turn() { return seen_++ == target_; }

    void change(bool& field) { field = !field; }
    void change(std::string& field) {
        if (field.empty() || below(random_, 3) == 0) field.assign(below(random_, 40), static_cast<char>(random_()));
        else field[below(random_, field.size())] = static_cast<char>(random_());
    }
    template <class T>
        requires std::is_enum_v<T>
    void change(T& field) {
        auto number = static_cast<std::underlying_type_t<T>>(field);
        change(number);
        field = static_cast<T>(number);
    }
    template <Integer T>
    void change(T& field) {
        using Unsigned = std::conditional_t<std::same_as<T, value::Int128>, value::UInt128, std::uint64_t>;
        const auto old = static_cast<Unsigned>(field);
        switch (below(random_, 6)) {
            case 0: field = static_cast<T>(old + 1); break;
            case 1: field = static_cast<T>(old - 1); break;
            case 2: field = static_cast<T>(below(random_, 300)); break;
            case 3: field = std::numeric_limits<T>::max(); break;
            case 4: field = std::numeric_limits<T>::min(); break;
            default: field = static_cast<T>(static_cast<Unsigned>(random_()) << below(random_, 64)); break;
        }
    }
    template <class T>
    void change_list(std::vector<T>& list) {
        const std::size_t one = below(random_, list.size());
        const std::size_t other = below(random_, list.size());
        switch (list.empty() ? 0 : below(random_, 5)) {
            case 0: list.emplace_back(); break;
            case 1: list.erase(list.begin() + at(one)); break;
            case 2: list.insert(list.begin() + at(one), T(list[other])); break;
            case 3: std::swap(list[one], list[other]); break;
            default: list.resize(one); break;
        }
    }

    std::size_t target_, seen_ = 0;
    bool with_code_;
    Random& random_;
};

}  // namespace

void seal(Image& image) {
    if (image.size() < image_header) return;
    // FNV-1a over the body, where image.cpp looks for it.
    std::uint64_t hash = 0xCBF29CE484222325;
    for (std::size_t i = image_header; i < image.size(); ++i) hash = (hash ^ image[i]) * 0x100000001B3;
    for (std::size_t i = 0; i < 8; ++i) image[image_header - 8 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
}

void damage_bytes(Image& image, std::span<const Image> others, Random& random) {
    if (image.size() <= image_header) return;
    const Stretch here = stretch(image, random);
    const Stretch there = stretch(image, random);
    switch (below(random, 10)) {
        case 0: image[here.begin] = static_cast<std::uint8_t>(random()); break;
        case 1: image[here.begin] = static_cast<std::uint8_t>(image[here.begin] ^ (1U << below(random, 8))); break;
        case 2: write_number(image, here.begin, random); break;
        case 3: image.erase(image.begin() + at(here.begin), image.begin() + at(here.begin + here.length)); break;
        case 4: image.resize(here.begin); break;
        case 5: insert(image, here.begin, copy(image, here)); break;
        case 6: insert(image, here.begin, copy(image, there)); break;
        case 7: {
            const Image first = copy(image, here), second = copy(image, there);
            overwrite(image, here.begin, second);
            overwrite(image, there.begin, first);
            break;
        }
        default: {
            if (others.empty()) break;
            const Image& other = others[below(random, others.size())];
            if (other.size() <= image_header) break;
            const Image part = copy(other, stretch(other, random));
            if (random() % 2 == 0) overwrite(image, here.begin, part);
            else insert(image, here.begin, part);
        }
    }
}

void damage_field(bytecode::Pack& pack, Random& random) {
    const bool with_code = random() % 4 == 0;
    Walk count(std::numeric_limits<std::size_t>::max(), with_code, random);
    count.visit(pack);
    Walk(below(random, count.seen()), with_code, random).visit(pack);
}

}  // namespace eligo::oracle
