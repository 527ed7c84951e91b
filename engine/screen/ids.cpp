#include "ids.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <random>

#include "../value/int128.hpp"

namespace eligo::screen {
namespace {

constexpr std::size_t part_count = 1024, block_size = 64, most_in_memory = std::size_t{1} << 18;

struct Seed {
    std::uint64_t words[4];
    Seed() {
        std::random_device device;
        for (std::uint64_t& word : words) word = (std::uint64_t{device()} << 32 | device()) | 1;
    }
};

std::uint64_t eight(const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

// The halves of a product, put together.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    const value::UInt128 product = static_cast<value::UInt128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// The ids of one part, looked up in a table that fits the first caches.
class Repeated {
public:
    // Leaves of each id the first two. How many others there were.
    std::size_t leave_two(std::vector<MetId>& ids) {
        look_up(ids);
        drop_.assign(ids.size(), false);
        for (std::size_t i = 1; i < further_.size(); ++i) drop_[further_[i].second] = further_[i].first == further_[i - 1].first;
        std::size_t left = 0;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (!drop_[i]) ids[left++] = ids[i];
        }
        const std::size_t dropped = ids.size() - left;
        ids.resize(left);
        return dropped;
    }

    void count(const std::vector<MetId>& ids, SameIds& same, bool keep) {
        look_up(ids);
        for (std::size_t i = 0; i < further_.size(); ++i) {
            const auto [first, other] = further_[i];
            ++same.rows;
            if (i > 0 && further_[i - 1].first == first) continue;
            ++same.rows;
            ++same.ids;
            const auto [one, two] = std::minmax({ids[first].line(), ids[other].line()});
            if (same.first == 0 || one < same.first) {
                same.first = one;
                same.second = two;
            }
            if (keep) same.kept.push_back(ids[first]);
        }
    }

private:
    void look_up(const std::vector<MetId>& ids) {
        const std::size_t size = std::bit_ceil(std::max<std::size_t>(16, ids.size() * 2));
        slots_.assign(size, 0);
        further_.clear();
        for (std::size_t i = 0; i < ids.size(); ++i) {
            std::size_t at = ids[i].high & (size - 1);
            while (slots_[at] != 0 && !ids[slots_[at] - 1].is_same(ids[i])) at = (at + 1) & (size - 1);
            if (slots_[at] == 0) {
                slots_[at] = static_cast<std::uint32_t>(i + 1);
            } else {
                further_.push_back({slots_[at] - 1, static_cast<std::uint32_t>(i)});
            }
        }
        std::sort(further_.begin(), further_.end());
    }

    std::vector<std::uint32_t> slots_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> further_;  // the first with an id, and each other one
    std::vector<bool> drop_;
};

}  // namespace

MetId met_id(std::string_view id, std::uint64_t line) {
    static const Seed seed;
    const std::uint64_t s0 = seed.words[0], s1 = seed.words[1], s2 = seed.words[2], s3 = seed.words[3];
    std::uint64_t one = s0 ^ id.size(), two = s1 + id.size();
    const auto take = [&](std::uint64_t a, std::uint64_t b) {
        one = mixed(one ^ a, b ^ s2);
        two = mixed(two ^ b, a ^ s3);
    };
    const char* at = id.data();
    std::size_t left = id.size();
    for (; left > 16; left -= 16, at += 16) take(eight(at), eight(at + 8));
    if (left >= 8) {
        take(eight(at), eight(at + left - 8));
    } else {
        char rest[8] = {};
        if (left > 0) std::memcpy(rest, at, left);
        take(eight(rest), left);
    }
    const std::uint64_t high = mixed(one ^ s1, two ^ s3), more = mixed(one ^ s3, two ^ s0);
    return {high, more << MetId::line_bits | (line & ((std::uint64_t{1} << MetId::line_bits) - 1))};
}

bool is_number_of_floating_point(std::string_view id) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (id.size() < 3 || !is_digit(id.front()) || !is_digit(id.back())) return false;
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t before = at;
        while (at < id.size() && is_digit(id[at])) ++at;
        return at > before;
    };
    (void)digits();
    const bool has_point = at < id.size() && id[at] == '.';
    if (has_point && (++at, !digits())) return false;
    if (at == id.size()) return has_point;
    if (id[at] != 'e' && id[at] != 'E') return false;
    ++at;
    const bool has_sign = at < id.size() && (id[at] == '+' || id[at] == '-');
    if (has_sign) ++at;
    // `1E5` may be what a company is called.
    return digits() && at == id.size() && (has_point || has_sign);
}

bool is_after(std::string_view id, std::string_view before) {
    if (id.size() != before.size()) return id.size() > before.size();
    if (id.size() < 8 || id.size() > 16) return id > before;
    static_assert(std::endian::native == std::endian::little);
    const auto word = [](const char* at) { return __builtin_bswap64(eight(at)); };
    const std::uint64_t one = word(id.data()), other = word(before.data());
    return one != other ? one > other : word(id.data() + id.size() - 8) > word(before.data() + id.size() - 8);
}

void IdsOfRows::clear() {
    met.clear();
    runs.clear();
    missing = odd = {};
}

bool SameIds::has(const MetId& id) const {
    const auto before = [](const MetId& a, const MetId& b) { return a.high != b.high ? a.high < b.high : a.low >> MetId::line_bits < b.low >> MetId::line_bits; };
    const auto found = std::lower_bound(kept.begin(), kept.end(), id, before);
    return found != kept.end() && found->is_same(id);
}

// Blocks of one size, so that the parts grow without being moved and memory has a bound.
struct Ids::Parts {
    using Block = std::array<MetId, block_size>;
    struct Part {
        std::vector<std::uint32_t> blocks;
        std::size_t size = 0;
    };
    using Sizes = std::array<std::uint32_t, part_count>;

    std::vector<std::unique_ptr<Block>> pool;
    std::size_t taken = 0, in_memory = 0;
    std::array<Part, part_count> parts;
    std::FILE* file = nullptr;
    std::vector<Sizes> spilled;  // of each time that memory was full
    std::uint64_t left_out = 0;  // rows that are known to have an id which others have too
    bool failed = false;

    ~Parts() {
        if (file != nullptr) std::fclose(file);
    }

    void add(const MetId& id) {
        Part& part = parts[id.high >> (64 - std::bit_width(part_count - 1))];
        const std::size_t within = part.size % block_size;
        if (within == 0) {
            if (taken == pool.size()) pool.push_back(std::make_unique<Block>());
            part.blocks.push_back(static_cast<std::uint32_t>(taken++));
        }
        (*pool[part.blocks.back()])[within] = id;
        ++part.size;
    }

    // What one part holds in memory, put behind `ids`.
    void gather(const Part& part, std::vector<MetId>& ids) const {
        ids.reserve(ids.size() + part.size);
        for (std::size_t i = 0; i < part.blocks.size(); ++i) {
            const Block& block = *pool[part.blocks[i]];
            ids.insert(ids.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(std::min(block_size, part.size - i * block_size)));
        }
    }
};

Ids::Ids() : parts_(std::make_unique<Parts>()) {}
Ids::~Ids() = default;

void Ids::add(const IdsOfRows& ids) {
    for (const IdsOfRows::Run& run : ids.runs) {
        in_order_ = in_order_ && (!has_runs_ || is_after(run.first, last_));
        has_runs_ = true;
        last_ = run.last;
    }
    has_met_ = has_met_ || !ids.met.empty();
    if (!must_see_all()) add(ids.met);
}

void Ids::add(std::span<const MetId> ids) {
    if (parts_->failed) return;
    if (parts_->in_memory + ids.size() > most_in_memory) spill();
    for (const MetId& id : ids) parts_->add(id);
    parts_->in_memory += ids.size();
}

void Ids::spill() {
    Parts& parts = *parts_;
    if (parts.file == nullptr) parts.file = std::tmpfile();
    bool good = parts.file != nullptr;
    Parts::Sizes sizes{};
    Repeated repeated;
    std::vector<MetId> ids;
    for (std::size_t i = 0; i < part_count && good; ++i) {
        ids.clear();
        parts.gather(parts.parts[i], ids);
        parts.left_out += repeated.leave_two(ids);  // however often one is met, the parts stay small
        sizes[i] = static_cast<std::uint32_t>(ids.size());
        good = ids.empty() || std::fwrite(ids.data(), sizeof(MetId), ids.size(), parts.file) == ids.size();
        parts.parts[i].blocks.clear();
        parts.parts[i].size = 0;
    }
    parts.spilled.push_back(sizes);
    parts.failed = !good;
    parts.taken = parts.in_memory = 0;
}

SameIds Ids::finish(std::size_t most_kept) {
    Parts& parts = *parts_;
    SameIds same;
    same.rows = parts.left_out;
    same.is_whole = !parts.failed && (parts.file == nullptr || std::fflush(parts.file) == 0);
    Repeated repeated;
    std::vector<MetId> ids;
    std::vector<std::uint64_t> at(parts.spilled.size());  // where each time's next part stands in the file
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < parts.spilled.size(); ++i) {
        at[i] = end;
        for (const std::uint32_t size : parts.spilled[i]) end += size * sizeof(MetId);
    }
    for (std::size_t part = 0; part < part_count && same.is_whole; ++part) {
        ids.clear();
        for (std::size_t i = 0; i < parts.spilled.size() && same.is_whole; ++i) {
            const std::size_t before = ids.size(), bytes = parts.spilled[i][part] * sizeof(MetId);
            ids.resize(before + parts.spilled[i][part]);
            same.is_whole = bytes == 0 || ::pread(fileno(parts.file), ids.data() + before, bytes, static_cast<off_t>(at[i])) == static_cast<ssize_t>(bytes);
            at[i] += bytes;
        }
        parts.gather(parts.parts[part], ids);
        if (same.is_whole) repeated.count(ids, same, most_kept > 0);
        if (same.kept.size() > most_kept) same.is_whole = false;
    }
    const auto before = [](const MetId& a, const MetId& b) { return a.high != b.high ? a.high < b.high : a.low < b.low; };
    std::sort(same.kept.begin(), same.kept.end(), before);
    parts_ = std::make_unique<Parts>();
    return same;
}

}  // namespace eligo::screen
