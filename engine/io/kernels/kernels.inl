// The kernels over 64 bytes at a time and one number at a time, whose text the including file gives:
//     Bytes load_bytes(p), store_bytes(Bytes, p), equal(Bytes, char) -> 64 bits, is_ascii(Bytes)
//     put_places(bits, first, to): first + the number of every bit that is set; writes up to 64 places
//     read_digits(end, size) -> Digits, read_day(end) -> Day
//     odd_of_64(values) -> the lowest bits of 64 numbers
//     read_alike(cells, first, count, alike, values, states, odd): count / 16 times 16 rows, at most rows_together; which of 16 were not taken
// and, where it says ELIGO_SIXTEEN_CELLS,
//     read_sixteen_truths(cells, first, values, states), read_sixteen_dates(cells, first, least, greatest, values, states): which rows are left

struct Digits {
    std::uint64_t value;  // of all digits, as if there were no point
    unsigned decimals;    // digits behind the point
    bool good;            // digits with at most one point, with digits on both sides of it
};
struct Day {
    unsigned year, month, day;
    bool good;  // digits and dashes where they belong
};

// How a number with so many digits behind the point is written, or with none and no point, in up to 15 bytes.
struct Written {
    unsigned point = 0;
    std::uint32_t shortest = 1, span = 14;
    // By bytes counted from the front of the last 16: what is taken off, what is left at most, which stand side by side.
    alignas(16) unsigned char taken_off[16]{}, most[16]{};
    alignas(16) signed char places[16]{};
    std::int64_t smallest[32]{};  // by size: less has zeros before it, and how that is read is not ours to know

    constexpr Written() = default;
    constexpr explicit Written(unsigned digits_behind) : point(digits_behind), shortest(digits_behind == 0 ? 1 : digits_behind + 2), span(15 - shortest) {
        const int lane_of_point = 15 - static_cast<int>(point);
        for (int lane = 0; lane < 16; ++lane) {
            const bool is_point = point > 0 && lane == lane_of_point;
            taken_off[lane] = is_point ? '.' : '0';
            most[lane] = is_point ? 0 : 9;
            places[lane] = static_cast<signed char>(point > 0 && lane <= lane_of_point ? lane - 1 : lane);
        }
        std::int64_t power = 1;
        for (unsigned i = 0; i < point; ++i) power *= 10;
        for (std::uint32_t size = shortest + 1; size <= 16; ++size) smallest[size] = power *= 10;
    }
};
struct AllWritten {
    Written by_point[7];
    constexpr AllWritten() {
        for (unsigned point = 0; point < 7; ++point) by_point[point] = Written(point);
    }
};
constexpr AllWritten all_written;

// Numbers of one column that are written alike.
struct Alike {
    const Written& written;
    std::int64_t scale = 1;                // to whole units
    std::int64_t least = 0, greatest = 0;  // as the digits are read, before that
};

// Days before the first of each year from 1900 on, and before the first of each month.
struct Calendar {
    std::int32_t years[300]{};
    std::int32_t months[2][16]{};
    std::int32_t lengths[2][16]{};

    constexpr Calendar() {
        std::int32_t day = -25567;  // 1900-01-01
        for (int i = 0; i < 300; ++i) {
            years[i] = day;
            day += leap(1900 + static_cast<unsigned>(i)) ? 366 : 365;
        }
        for (int is_leap = 0; is_leap < 2; ++is_leap) {
            std::int32_t before = 0;
            for (int month = 1; month <= 12; ++month) {
                const int length = month == 2 ? 28 + is_leap : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
                months[is_leap][month] = before;
                lengths[is_leap][month] = length;
                before += length;
            }
        }
    }
    static constexpr bool leap(unsigned year) { return year % 4 == 0 && year != 1900 && year != 2100; }
};
constexpr Calendar calendar;

constexpr std::size_t rows_together = 256;

// Of a cell of no size, and of one that ends before it begins.
inline bool is_empty(std::uint32_t size) { return size + 1 <= 1; }

#include ELIGO_VECTOR

inline std::uint64_t lanes_of(std::size_t left) { return left < 64 ? (std::uint64_t{1} << left) - 1 : ~std::uint64_t{0}; }
inline std::size_t count_of(std::uint64_t bits) { return static_cast<std::size_t>(__builtin_popcountll(bits)); }

Survey survey(const char* text, std::size_t size) {
    Survey result;
    std::uint64_t quotes = 0;
    const auto word = [&](std::size_t at, std::uint64_t lanes) {
        const Bytes bytes = load_bytes(text + at);
        result.feeds += count_of(equal(bytes, '\n') & lanes);
        quotes |= equal(bytes, '"') & lanes;
    };
    const std::size_t whole = size & ~std::size_t{63};
    for (std::size_t at = 0; at < whole; at += 64) word(at, ~std::uint64_t{0});
    if (whole < size) word(whole, lanes_of(size - whole));
    result.quotes = quotes != 0;
    return result;
}

// Any return of those that begin before `end` which has no line feed behind it.
inline bool has_lone_return(const char* text, std::size_t size, std::size_t begin, std::size_t end) {
    std::uint64_t lone = 0;
    for (std::size_t at = begin; at < end; at += 64) {
        const std::uint64_t returns = equal(load_bytes(text + at), '\r') & lanes_of(size - at);
        lone |= returns & ~(equal(load_bytes(text + at + 1), '\n') & lanes_of(size - at - 1));
    }
    return lone != 0;
}

// Words that are not ASCII, one behind the other; between those that stand apart, what is not joined stays so by a byte of ASCII.
inline char* put_odd_words(const char* text, const std::uint32_t* words, std::size_t count, std::uint32_t& behind_last, char* to) {
    for (std::size_t i = 0; i < count; ++i) {
        *to = '.';
        to += words[i] != behind_last;
        store_bytes(load_bytes(text + words[i]), to);
        to += 64;
        behind_last = words[i] + 64;
    }
    return to;
}

Ends find_ends(const char* text, std::size_t size, char separator, std::uint32_t* ends, std::uint32_t* feeds, char* beyond_ascii) {
    constexpr std::size_t bytes_together = 4096;
    Ends result;
    std::size_t count = 0, feed_count = 0;
    char* beyond = beyond_ascii;
    std::uint32_t behind_last = 0;  // of the words that are not ASCII
    alignas(64) char rest[64];      // what stands behind the last whole word
    __builtin_memset(rest, separator == '.' ? ',' : '.', sizeof rest);
    for (std::size_t first = 0; first < size; first += bytes_together) {
        const std::size_t end = size - first < bytes_together ? size : first + bytes_together;
        std::uint32_t odd_words[bytes_together / 64];
        std::size_t odd_count = 0;
        std::uint64_t returns = 0;
        for (std::size_t at = first; at < end; at += 64) {
            const char* from = text + at;
            if (size - at < 64) {
                __builtin_memcpy(rest, from, size - at);
                from = rest;
            }
            const Bytes bytes = load_bytes(from);
            const std::uint64_t feed = equal(bytes, '\n'), found = equal(bytes, separator) | feed;
            returns |= equal(bytes, '\r');
            odd_words[odd_count] = static_cast<std::uint32_t>(at);
            odd_count += !is_ascii(bytes);
            put_places(found, static_cast<std::uint32_t>(at), ends + count);
            // Most words hold no line feed or one.
            feeds[feed_count] = static_cast<std::uint32_t>(count + count_of(found & (feed - 1) & ~feed));
            feed_count += feed != 0;
            for (std::uint64_t others = feed & (feed - 1); others != 0; others &= others - 1) {
                const std::uint64_t below = (others & (~others + 1)) - 1;
                feeds[feed_count++] = static_cast<std::uint32_t>(count + count_of(found & below));
            }
            count += count_of(found);
        }
        beyond = put_odd_words(text, odd_words, odd_count, behind_last, beyond);
        if (returns == 0) continue;
        result.returns = true;
        result.lone_returns = result.lone_returns || has_lone_return(text, size, first, end);
    }
    // Of the last word what belongs to the text.
    if (behind_last > size) beyond -= behind_last - size;
    result.ends = count;
    result.feeds = feed_count;
    result.beyond_ascii = static_cast<std::size_t>(beyond - beyond_ascii);
    return result;
}

// What is handed over is copied first: a byte that is written might be part of it, for all that the compiler knows.

struct OneDecimal {
    std::int64_t value;
    unsigned decimals;
    enum : std::uint8_t { Absent, Known, Left } kind;
};

// A cell of any kind.
inline OneDecimal read_decimal(const ColumnCells& cells, std::size_t row, const Decimals& decimals) {
    constexpr std::int64_t powers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};
    const auto places = static_cast<unsigned>(decimals.decimals);
    const std::uint32_t longest = 18 - places < 16 ? 18 - places : 16;  // so that nothing overflows
    const std::uint32_t* const at = cells.ends + cells.rows[row] + cells.column;
    const std::uint32_t begin = at[0] + 1, end = at[1] - cells.behind, size = end - begin;
    if (is_empty(size)) return {0, 0, OneDecimal::Absent};
    if (size > longest) return {0, 0, OneDecimal::Left};
    const Digits digits = read_digits(cells.text + end, size);
    if (!digits.good || digits.decimals > places) return {0, 0, OneDecimal::Left};
    const std::uint32_t whole = size - digits.decimals - (digits.decimals != 0);
    const auto value = static_cast<std::int64_t>(digits.value) * powers[places - digits.decimals];
    const bool zeros = cells.text[begin] == '0' && whole > 1;
    const bool good = !zeros && value >= decimals.least && value <= decimals.greatest;
    if (!good) return {0, 0, OneDecimal::Left};
    return {value, digits.decimals, OneDecimal::Known};
}

DecimalsRead read_decimals(const ColumnCells& given, const Decimals& given_decimals, std::int64_t* values, std::uint8_t* states, std::uint32_t* left) {
    const ColumnCells cells = given;
    const Decimals decimals = given_decimals;
    std::size_t left_count = 0;
    const auto read_one = [&](std::size_t row) {
        const OneDecimal one = read_decimal(cells, row, decimals);
        values[row] = one.value;
        states[row] = one.kind == OneDecimal::Absent ? cell_absent : cell_known;
        left[left_count] = static_cast<std::uint32_t>(row);
        left_count += one.kind == OneDecimal::Left;
    };
    // As the first number is written, the others probably are.
    auto point = static_cast<unsigned>(decimals.decimals);
    for (std::size_t row = 0; row < cells.count && row < 16; ++row) {
        const OneDecimal one = read_decimal(cells, row, decimals);
        if (one.kind != OneDecimal::Known) continue;
        point = one.decimals;
        break;
    }
    constexpr std::int64_t powers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};
    const std::int64_t scale = powers[static_cast<unsigned>(decimals.decimals) - point];
    const std::int64_t least = decimals.least > 0 ? (decimals.least - 1) / scale + 1 : 0, greatest = decimals.greatest < 0 ? -1 : decimals.greatest / scale;
    const Alike alike{all_written.by_point[point], scale, least, greatest};
    const std::size_t together = cells.count & ~std::size_t{15};
    for (std::size_t first = 0; first < together; first += rows_together) {
        std::uint32_t odd_rows[rows_together / 16];
        const std::size_t count = together - first < rows_together ? together - first : rows_together;
        read_alike(cells, first, count, alike, values + first, states + first, odd_rows);
        for (std::size_t i = 0; i < count; i += 16) {
            for (std::uint32_t odd = odd_rows[i / 16]; odd != 0; odd &= odd - 1) read_one(first + i + static_cast<std::size_t>(__builtin_ctz(odd)));
        }
    }
    for (std::size_t row = together; row < cells.count; ++row) read_one(row);
    std::int64_t lowest = 0, highest = 0;
    for (std::size_t row = 0; row < cells.count; ++row) {
        lowest = values[row] < lowest ? values[row] : lowest;
        highest = values[row] > highest ? values[row] : highest;
    }
    return {left_count, lowest, highest};
}

// Sixteen rows at a time by `read(first)`, which says which of them are left; how many rows that is.
template <class Read>
inline std::size_t read_by_sixteens(std::size_t count, std::uint32_t* left, std::size_t& left_count, Read read) {
    std::size_t first = 0;
    for (; first + 16 <= count; first += 16)
        for (std::uint32_t rows = read(first); rows != 0; rows &= rows - 1) left[left_count++] = static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(__builtin_ctz(rows));
    return first;
}

std::size_t read_dates(const ColumnCells& given, std::int64_t least, std::int64_t greatest, std::int64_t* values, std::uint8_t* states, std::uint32_t* left) {
    const ColumnCells cells = given;
    std::size_t left_count = 0, i = 0;
#ifdef ELIGO_SIXTEEN_CELLS
    i = read_by_sixteens(cells.count, left, left_count, [&](std::size_t first) { return read_sixteen_dates(cells, first, least, greatest, values + first, states + first); });
#endif
    for (; i < cells.count; ++i) {
        const std::uint32_t* const at = cells.ends + cells.rows[i] + cells.column;
        const std::uint32_t begin = at[0] + 1, end = at[1] - cells.behind, size = end - begin;
        left[left_count] = static_cast<std::uint32_t>(i);
        if (size != 10) {
            states[i] = cell_absent;
            left_count += !is_empty(size);
            continue;
        }
        const Day day = read_day(cells.text + end);
        const unsigned year = day.year - 1900;
        if (!day.good || year >= 300 || day.month >= 16) {
            ++left_count;
            continue;
        }
        const unsigned leap = Calendar::leap(day.year) ? 1 : 0;
        const std::int64_t value = calendar.years[year] + calendar.months[leap][day.month] + static_cast<std::int32_t>(day.day) - 1;
        const bool good = day.day - 1 < static_cast<unsigned>(calendar.lengths[leap][day.month]) && value >= least && value <= greatest;
        values[i] = value;
        states[i] = cell_known;
        left_count += !good;
    }
    return left_count;
}

std::size_t read_truths(const ColumnCells& given, std::int64_t* values, std::uint8_t* states, std::uint32_t* left) {
    const ColumnCells cells = given;
    std::size_t left_count = 0, i = 0;
#ifdef ELIGO_SIXTEEN_CELLS
    i = read_by_sixteens(cells.count, left, left_count, [&](std::size_t first) { return read_sixteen_truths(cells, first, values + first, states + first); });
#endif
    for (; i < cells.count; ++i) {
        const std::uint32_t* const at = cells.ends + cells.rows[i] + cells.column;
        const std::uint32_t begin = at[0] + 1, end = at[1] - cells.behind, size = end - begin;
        const char* const text = cells.text + begin;
        const bool yes = size == 4 && __builtin_memcmp(text, "true", 4) == 0;
        const bool no = size == 5 && __builtin_memcmp(text, "fals", 4) == 0 && text[4] == 'e';
        values[i] = yes;
        states[i] = is_empty(size) ? cell_absent : cell_known;
        left[left_count] = static_cast<std::uint32_t>(i);
        left_count += static_cast<unsigned>(!yes) & static_cast<unsigned>(!no) & static_cast<unsigned>(!is_empty(size));
    }
    return left_count;
}

std::size_t find_bytes(const std::uint8_t* bytes, std::size_t count, std::uint8_t byte, std::uint64_t* bits) {
    std::size_t found = 0;
    std::size_t at = 0;
    for (; at + 64 <= count; at += 64) {
        bits[at / 64] = equal(load_bytes(reinterpret_cast<const char*>(bytes) + at), static_cast<char>(byte));
        found += count_of(bits[at / 64]);
    }
    if (at == count) return found;
    std::uint64_t last = 0;
    for (std::size_t i = at; i < count; ++i) last |= std::uint64_t{bytes[i] == byte} << (i - at);
    bits[at / 64] = last;
    return found + count_of(last);
}

void find_odd(const std::int64_t* values, std::size_t count, std::uint64_t* bits) {
    std::size_t at = 0;
    for (; at + 64 <= count; at += 64) bits[at / 64] = odd_of_64(values + at);
    if (at == count) return;
    std::uint64_t last = 0;
    for (std::size_t i = at; i < count; ++i) last |= static_cast<std::uint64_t>(values[i] & 1) << (i - at);
    bits[at / 64] = last;
}

constexpr Kernels table(const char* name) { return {name, survey, find_ends, read_decimals, read_dates, read_truths, find_odd, find_bytes}; }
