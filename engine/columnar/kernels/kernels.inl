// The kernels, written once over a Vector of 64-bit lanes; included with one of the vector_*.hpp before it, inside a namespace of
// its own. No header of the standard library is used here, so that no inline function of one is compiled with instructions that
// another machine has not.

// Asks for so many bytes of what will be read soon, so that it is there by then.
template <std::size_t bytes>
inline void fetch(const void* from) {
    for (std::size_t i = 0; i < bytes; i += 64) __builtin_prefetch(static_cast<const char*>(from) + i, 0, 3);
}

// Words of bits: whole ones in place, the last one from a copy, so that nothing behind the last lane is read.
template <class T, class Word>
inline void each_word(const T* x, std::size_t count, std::size_t ahead, Word word) {
    std::size_t first = 0;
    for (; first + 64 <= count; first += 64) {
        if (ahead != 0) fetch<64 * sizeof(T)>(x + first + ahead);
        word(x + first, first / 64, ~std::uint64_t{0});
    }
    if (first == count) return;
    T rest[64] = {};
    for (std::size_t i = first; i < count; ++i) rest[i - first] = x[i];
    word(rest, first / 64, (std::uint64_t{1} << (count - first)) - 1);
}

template <class T>
void at_most_bounds(const void* x, std::size_t count, std::size_t ahead, const std::int64_t* bounds, std::size_t bound_count, std::uint64_t* const* out) {
    each_word(static_cast<const T*>(x), count, ahead, [&](const T* from, std::size_t word, std::uint64_t lanes) {
        at_most_words(from, bounds, bound_count, [&](std::size_t k, std::uint64_t bits) { out[k][word] = bits & lanes; });
    });
}

template <class T>
void widen(const T* x, std::size_t count, std::int64_t multiplier, std::int64_t* out) {
    if (multiplier == 1) {
        for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::int64_t>(x[i]);
    } else {
        for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(static_cast<std::int64_t>(x[i])) * static_cast<std::uint64_t>(multiplier));
    }
}

void member(const std::uint8_t* x, std::size_t count, std::size_t ahead, const std::uint8_t* set, std::uint64_t* out) {
    each_word(x, count, ahead, [&](const std::uint8_t* from, std::size_t word, std::uint64_t lanes) { out[word] = member_word(from, set) & lanes; });
}

// Some vectors side by side, so that a term's kind is looked at once for all of them.
constexpr std::size_t tile_vectors = 4;
constexpr std::size_t tile = tile_vectors * Vector::lanes;

struct Tile {
    Vector v[tile_vectors];
};

// A factor: 1, or a number of which one or two bits are set, so that shifts do, as are those of many sums (3, 5, 12, 40); or any other.
struct Factor {
    enum class Kind : std::uint8_t { One, Shift, ShiftAndOnce, TwoShifts, Other };
    Kind kind;
    std::int64_t value, low, high;
};
inline Factor factor(std::int64_t value) {
    const std::int64_t rest = value & (value - 1);
    if (value == 1) return {Factor::Kind::One, 1, 0, 0};
    if (value <= 0 || (rest & (rest - 1)) != 0) return {Factor::Kind::Other, value, 0, 0};
    const std::int64_t low = __builtin_ctzll(static_cast<std::uint64_t>(value));
    if (rest == 0) return {Factor::Kind::Shift, value, low, 0};
    return {low == 0 ? Factor::Kind::ShiftAndOnce : Factor::Kind::TwoShifts, value, low, __builtin_ctzll(static_cast<std::uint64_t>(rest))};
}
inline void multiply_tile(Tile& a, const Factor& by) {
    if (by.kind == Factor::Kind::One) return;
    const Shift low = shift(by.low), high = shift(by.high);
    switch (by.kind) {
        case Factor::Kind::One: return;
        case Factor::Kind::Shift:
            for (Vector& v : a.v) v = shifted(v, low);
            return;
        case Factor::Kind::ShiftAndOnce:
            for (Vector& v : a.v) v = add(v, shifted(v, high));
            return;
        case Factor::Kind::TwoShifts:
            for (Vector& v : a.v) v = add(shifted(v, low), shifted(v, high));
            return;
        case Factor::Kind::Other:
            for (Vector& v : a.v) v = multiply_by(v, by.value);
            return;
    }
}

// A term, and its factors as they are multiplied by.
struct FactoredTerm {
    const Term* term;
    Factor coefficient, factor, other_factor;
};

// Of the lanes behind the last one nothing is read.
inline Tile load_tile(const std::int64_t* values, std::size_t lanes) {
    Tile made;
    if (lanes == tile) {
        for (std::size_t i = 0; i < tile_vectors; ++i) made.v[i] = load(values + i * Vector::lanes);
    } else {
        for (std::size_t i = 0; i < tile_vectors; ++i) made.v[i] = i * Vector::lanes < lanes ? load_first(values + i * Vector::lanes, lanes - i * Vector::lanes) : all(0);
    }
    return made;
}
// The values of a tile of the inner sum, where there is one.
struct InnerTile {
    alignas(64) std::int64_t values[tile];
};
inline void add_term(Tile& sum, const FactoredTerm& term, const InnerTile& inner, std::size_t first, std::size_t lanes) {
    Tile x = term.term->of_inner ? load_tile(inner.values, tile) : load_tile(term.term->values + first, lanes);
    if (term.term->kind != Term::Kind::One) {
        multiply_tile(x, term.factor);
        Tile y;
        if (term.term->other_of_inner) {
            y = load_tile(inner.values, tile);
            multiply_tile(y, term.other_factor);
        } else if (term.term->other == nullptr) {
            for (Vector& v : y.v) v = all(term.term->other_factor);
        } else {
            y = load_tile(term.term->other + first, lanes);
            multiply_tile(y, term.other_factor);
        }
        for (std::size_t i = 0; i < tile_vectors; ++i) x.v[i] = term.term->kind == Term::Kind::Lesser ? lesser(x.v[i], y.v[i]) : greater(x.v[i], y.v[i]);
    }
    multiply_tile(x, term.coefficient);
    for (std::size_t i = 0; i < tile_vectors; ++i) sum.v[i] = add(sum.v[i], x.v[i]);
}

// A sum, and its terms as they are multiplied by.
struct FactoredSum {
    std::size_t count = 0;
    std::int64_t constant = 0;
    FactoredTerm terms[most_terms];
};
inline void find_factors(FactoredSum& made, const TermSum& sum) {
    made.count = sum.count;
    made.constant = sum.constant;
    for (std::size_t k = 0; k < sum.count; ++k) {
        const Term& term = sum.terms[k];
        made.terms[k].term = &term;
        made.terms[k].coefficient = factor(term.coefficient);
        if (term.kind == Term::Kind::One) continue;
        made.terms[k].factor = factor(term.factor);
        made.terms[k].other_factor = factor(term.other_factor);
    }
}
template <bool whole>
inline Tile tile_of(const FactoredSum& sum, const InnerTile& inner, std::size_t first, std::size_t lanes) {
    Tile made;
    for (Vector& v : made.v) v = all(sum.constant);
    for (std::size_t k = 0; k < sum.count; ++k) {
        const Term& term = *sum.terms[k].term;
        if (whole && term.ahead != 0) fetch<tile * sizeof(std::int64_t)>(term.values + first + term.ahead);
        if (whole && term.other_ahead != 0) fetch<tile * sizeof(std::int64_t)>(term.other + first + term.other_ahead);
        add_term(made, sum.terms[k], inner, first, whole ? tile : lanes);
    }
    return made;
}

// Calls `use(first lane, lanes, tile)` for the sums of every tile; of the last one fewer lanes may count.
template <class Use>
inline void each_sum(const TermSum& given, std::size_t count, Use use) {
    FactoredSum sum, inner;
    find_factors(sum, given);
    if (given.inner != nullptr) find_factors(inner, *given.inner);
    InnerTile of_inner;
    const auto take = [&]<bool whole>(std::size_t first, std::size_t lanes) {
        if (inner.count != 0) {
            const Tile values = tile_of<whole>(inner, of_inner, first, lanes);
            for (std::size_t i = 0; i < tile_vectors; ++i) store(of_inner.values + i * Vector::lanes, values.v[i]);
        }
        use(first, lanes, tile_of<whole>(sum, of_inner, first, lanes));
    };
    std::size_t first = 0;
    for (; first + tile <= count; first += tile) take.template operator()<true>(first, tile);
    if (first != count) take.template operator()<false>(first, count - first);
}

inline void store_tile(std::int64_t* out, std::size_t lanes, const Tile& values) {
    for (std::size_t i = 0; i < tile_vectors && i * Vector::lanes < lanes; ++i) {
        if ((i + 1) * Vector::lanes <= lanes) store(out + i * Vector::lanes, values.v[i]);
        else store_first(out + i * Vector::lanes, values.v[i], lanes - i * Vector::lanes);
    }
}

// A tile's bits go into its word; tiles divide 64.
template <class Compare>
inline void put_bits(std::uint64_t* out, std::size_t first, std::size_t lanes, const Tile& values, Compare compare) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < tile_vectors; ++i) bits |= compare(values.v[i]) << (i * Vector::lanes);
    if (lanes < tile) bits &= (std::uint64_t{1} << lanes) - 1;
    if (first % 64 == 0) out[first / 64] = bits;
    else out[first / 64] |= bits << (first % 64);
}

void sum(const TermSum& terms, std::size_t count, std::int64_t* out) {
    each_sum(terms, count, [&](std::size_t first, std::size_t lanes, const Tile& values) { store_tile(out + first, lanes, values); });
}
void sum_at_most_zero(const TermSum& terms, std::size_t count, std::uint64_t* out) {
    const Vector zero = all(0);
    each_sum(terms, count, [&](std::size_t first, std::size_t lanes, const Tile& values) {
        put_bits(out, first, lanes, values, [&](Vector a) { return at_most(a, zero); });
    });
}
void sum_is_zero(const TermSum& terms, std::size_t count, std::uint64_t* out) {
    const Vector zero = all(0);
    each_sum(terms, count, [&](std::size_t first, std::size_t lanes, const Tile& values) {
        put_bits(out, first, lanes, values, [&](Vector a) { return equal(a, zero); });
    });
}
void sum_divided(const TermSum& terms, std::int64_t by, std::size_t count, std::int64_t* out) {
    const Divisor divide_by = divisor(by);
    each_sum(terms, count, [&](std::size_t first, std::size_t lanes, const Tile& values) {
        Tile quotients;
        for (std::size_t i = 0; i < tile_vectors; ++i) quotients.v[i] = floor_divide(values.v[i], divide_by);
        store_tile(out + first, lanes, quotients);
    });
}

// Columns as they lie, a word of lanes at a time.

// What a word further on will read.
inline void fetch_words(const NarrowTerm& term, std::size_t first) {
    const std::size_t bytes = term.type == NarrowTerm::Type::I32 ? 4 : term.type == NarrowTerm::Type::I16 || term.type == NarrowTerm::Type::U16 ? 2 : 1;
    for (std::size_t i = 0; i < bytes; ++i) fetch<64>(static_cast<const char*>(term.values) + (first + term.ahead) * bytes + i * 64);
}
// `add(values)` with a term's values from `first` on, at least 64 of them that may be read.
template <class T, class Add>
inline void with_values_of(const NarrowTerm& term, std::size_t first, std::size_t count, Add add) {
    const T* values = static_cast<const T*>(term.values) + first;
    T rest[64];
    if (count < 64) {
        for (std::size_t i = 0; i < 64; ++i) rest[i] = i < count ? values[i] : T{0};
        values = rest;
    }
    add(values);
}
template <class Add>
inline void with_values(const NarrowTerm& term, std::size_t first, std::size_t count, Add add) {
    switch (term.type) {
        case NarrowTerm::Type::I8: return with_values_of<std::int8_t>(term, first, count, add);
        case NarrowTerm::Type::U8: return with_values_of<std::uint8_t>(term, first, count, add);
        case NarrowTerm::Type::I16: return with_values_of<std::int16_t>(term, first, count, add);
        case NarrowTerm::Type::U16: return with_values_of<std::uint16_t>(term, first, count, add);
        case NarrowTerm::Type::I32: return with_values_of<std::int32_t>(term, first, count, add);
    }
}
// `compare_word(first, left)`: the bits of the word of lanes that begins at `first`, of which `left` are there.
template <class CompareWord>
inline void each_narrow_word(const NarrowTerm* terms, std::size_t term_count, std::size_t count, std::uint64_t* out, CompareWord compare_word) {
    for (std::size_t first = 0; first < count; first += 64) {
        const std::size_t left = count - first;
        for (std::size_t k = 0; k < term_count; ++k)
            if (terms[k].ahead != 0 && left >= 64) fetch_words(terms[k], first);
        const std::uint64_t bits = compare_word(first, left);
        out[first / 64] = left >= 64 ? bits : bits & ((std::uint64_t{1} << left) - 1);
    }
}

constexpr std::size_t narrow_vectors = 64 / Narrow::lanes;
template <class T>
inline void add_narrow(Narrow* sum, const NarrowTerm& term, const T* values) {
    const Narrow coefficient = all_narrow(term.coefficient), least = all_narrow(term.least), most = all_narrow(term.most);
    const bool taken_in = term.least != INT32_MIN || term.most != INT32_MAX;
    for (std::size_t i = 0; i < narrow_vectors; ++i) {
        Narrow x = load_narrow(values + i * Narrow::lanes);
        if (taken_in) x = lesser(greater(x, least), most);
        sum[i] = add(sum[i], term.coefficient == 1 ? x : multiply(x, coefficient));
    }
}
template <class Compare>
inline void compare_narrow(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out, Compare compare) {
    each_narrow_word(terms, term_count, count, out, [&](std::size_t first, std::size_t left) {
        Narrow sum[narrow_vectors];
        for (Narrow& one : sum) one = all_narrow(constant);
        for (std::size_t k = 0; k < term_count; ++k) with_values(terms[k], first, left, [&](const auto* values) { add_narrow(sum, terms[k], values); });
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < narrow_vectors; ++i) bits |= compare(sum[i]) << (i * Narrow::lanes);
        return bits;
    });
}
void narrow_sum_at_most_zero(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out) {
    const Narrow zero = all_narrow(0);
    compare_narrow(terms, term_count, constant, count, out, [&](Narrow a) { return at_most(a, zero); });
}
void narrow_sum_is_zero(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out) {
    const Narrow zero = all_narrow(0);
    compare_narrow(terms, term_count, constant, count, out, [&](Narrow a) { return equal(a, zero); });
}

// What is added is on one side, what is subtracted on the other, so that neither side is negative. So many words at a time, term by
// term, that what a term is, is looked at once for all of them.
constexpr std::size_t short_vectors = 64 / Short::lanes;
constexpr std::size_t words_of_strip = 8;
struct Side {
    Short v[words_of_strip * short_vectors];
};
inline std::uint16_t within_16_bits(std::int32_t a) { return static_cast<std::uint16_t>(a < 0 ? 0 : a > UINT16_MAX ? UINT16_MAX : a); }
template <bool taken_in, class T>
inline void add_short_term(Short* side, const NarrowTerm& term, const T* values, std::size_t words) {
    const Short least = all_short(within_16_bits(term.least)), most = all_short(within_16_bits(term.most));
    const Short times = all_short(static_cast<std::uint16_t>(term.coefficient < 0 ? -term.coefficient : term.coefficient));
    for (std::size_t word = 0; word < words; ++word) {
        if (term.ahead != 0) fetch<64 * sizeof(T)>(values + word * 64 + term.ahead);
        for (std::size_t i = word * short_vectors; i < (word + 1) * short_vectors; ++i) {
            Short x = load_short(values + i * Short::lanes);
            if constexpr (taken_in) x = lesser(greater(x, least), most);
            side[i] = add(side[i], multiply(x, times));
        }
    }
}
template <class T>
inline void add_short_term(Side& added, Side& subtracted, const NarrowTerm& term, const T* values, std::size_t words) {
    Short* const side = term.coefficient >= 0 ? added.v : subtracted.v;
    if (term.least > 0 || term.most < UINT16_MAX) add_short_term<true>(side, term, values, words);
    else add_short_term<false>(side, term, values, words);
}
template <class Compare>
inline void compare_short(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out, Compare compare) {
    const Short more = all_short(within_16_bits(constant)), less = all_short(within_16_bits(-constant));
    Side added, subtracted;
    for (std::size_t first = 0; first < count;) {
        // Whole words where they lie, as many as a strip has; then what is left of the last one, from a copy.
        const std::size_t whole = (count - first) / 64, words = whole == 0 ? 1 : whole < words_of_strip ? whole : words_of_strip;
        for (std::size_t i = 0; i < words * short_vectors; ++i) {
            added.v[i] = more;
            subtracted.v[i] = less;
        }
        for (std::size_t k = 0; k < term_count; ++k)
            with_values(terms[k], first, count - first, [&]<class T>(const T* values) {
                if constexpr (sizeof(T) <= sizeof(std::uint16_t)) add_short_term(added, subtracted, terms[k], values, words);
            });
        for (std::size_t word = 0; word < words; ++word) out[first / 64 + word] = compare(added.v + word * short_vectors, subtracted.v + word * short_vectors);
        if (whole == 0) out[first / 64] &= (std::uint64_t{1} << (count - first)) - 1;
        first += words * 64;
    }
}
void short_sum_at_most_zero(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out) {
    compare_short(terms, term_count, constant, count, out, [](const Short* a, const Short* b) { return at_most_word(a, b); });
}
void short_sum_is_zero(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out) {
    compare_short(terms, term_count, constant, count, out, [](const Short* a, const Short* b) { return equal_word(a, b); });
}

// Vector by vector.
template <class Function>
inline void each_pair(const std::int64_t* a, const std::int64_t* b, std::size_t count, std::int64_t* out, Function function) {
    std::size_t i = 0;
    for (; i + Vector::lanes <= count; i += Vector::lanes) store(out + i, function(load(a + i), load(b + i)));
    if (i < count) store_first(out + i, function(load_first(a + i, count - i), load_first(b + i, count - i)), count - i);
}

void multiply_pairs(const std::int64_t* a, const std::int64_t* b, std::size_t count, std::int64_t* out) {
    each_pair(a, b, count, out, [](Vector x, Vector y) { return multiply(x, y); });
}
void minimum(const std::int64_t* a, const std::int64_t* b, std::size_t count, std::int64_t* out) {
    each_pair(a, b, count, out, [](Vector x, Vector y) { return lesser(x, y); });
}
void maximum(const std::int64_t* a, const std::int64_t* b, std::size_t count, std::int64_t* out) {
    each_pair(a, b, count, out, [](Vector x, Vector y) { return greater(x, y); });
}
void minimum_constant(const std::int64_t* a, std::int64_t b, std::size_t count, std::int64_t* out) {
    const Vector most = all(b);
    each_pair(a, a, count, out, [&](Vector x, Vector) { return lesser(x, most); });
}
void maximum_constant(const std::int64_t* a, std::int64_t b, std::size_t count, std::int64_t* out) {
    const Vector least = all(b);
    each_pair(a, a, count, out, [&](Vector x, Vector) { return greater(x, least); });
}

template <bool a_varies, bool b_varies>
inline void select_lanes(const std::uint64_t* bits, const std::int64_t* a, std::int64_t a_constant, const std::int64_t* b, std::int64_t b_constant, std::size_t count, std::int64_t* out) {
    const Vector a_all = all(a_constant), b_all = all(b_constant);
    std::size_t i = 0;
    for (; i + Vector::lanes <= count; i += Vector::lanes)
        store(out + i, choose(bits[i / 64] >> (i % 64), a_varies ? load(a + i) : a_all, b_varies ? load(b + i) : b_all));
    for (; i < count; ++i) out[i] = (bits[i / 64] >> (i % 64) & 1) != 0 ? (a_varies ? a[i] : a_constant) : (b_varies ? b[i] : b_constant);
}
void put_amounts(const std::uint64_t* bits, const std::int64_t* a, std::size_t count, std::int64_t* out) {
    if (reinterpret_cast<std::uintptr_t>(out) % 64 != 0) return select_lanes<true, false>(bits, a, 0, nullptr, 0, count, out);
    const Vector none = all(0);
    std::size_t i = 0;
    for (; i + Vector::lanes <= count; i += Vector::lanes) store_past_cache(out + i, choose(bits[i / 64] >> (i % 64), load(a + i), none));
    for (; i < count; ++i) out[i] = (bits[i / 64] >> (i % 64) & 1) != 0 ? a[i] : 0;
}
void select(const std::uint64_t* bits, const std::int64_t* a, std::int64_t a_constant, const std::int64_t* b, std::int64_t b_constant, std::size_t count, std::int64_t* out) {
    if (a != nullptr && b != nullptr) return select_lanes<true, true>(bits, a, a_constant, b, b_constant, count, out);
    if (a != nullptr) return select_lanes<true, false>(bits, a, a_constant, b, b_constant, count, out);
    if (b != nullptr) return select_lanes<false, true>(bits, a, a_constant, b, b_constant, count, out);
    select_lanes<false, false>(bits, a, a_constant, b, b_constant, count, out);
}

template <class Join>
inline void join_all(const std::uint64_t* const* operands, const std::uint64_t* turns, std::size_t operand_count, std::size_t words, std::uint64_t* out, Join join) {
    const auto signed_words = [](const std::uint64_t* at) { return reinterpret_cast<const std::int64_t*>(at); };
    std::size_t i = 0;
    for (; i + Vector::lanes <= words; i += Vector::lanes) {
        Vector joined = exclusive_or(load(signed_words(operands[0] + i)), all(static_cast<std::int64_t>(turns[0])));
        for (std::size_t k = 1; k < operand_count; ++k) joined = join(joined, exclusive_or(load(signed_words(operands[k] + i)), all(static_cast<std::int64_t>(turns[k]))));
        store(reinterpret_cast<std::int64_t*>(out + i), joined);
    }
    for (; i < words; ++i) {
        std::uint64_t word = operands[0][i] ^ turns[0];
        for (std::size_t k = 1; k < operand_count; ++k) word = join(word, operands[k][i] ^ turns[k]);
        out[i] = word;
    }
}
struct BothOf {
    Vector operator()(Vector a, Vector b) const { return both(a, b); }
    std::uint64_t operator()(std::uint64_t a, std::uint64_t b) const { return a & b; }
};
struct EitherOf {
    Vector operator()(Vector a, Vector b) const { return either(a, b); }
    std::uint64_t operator()(std::uint64_t a, std::uint64_t b) const { return a | b; }
};
void and_all(const std::uint64_t* const* operands, const std::uint64_t* turns, std::size_t operand_count, std::size_t words, std::uint64_t* out) {
    join_all(operands, turns, operand_count, words, out, BothOf{});
}
void or_all(const std::uint64_t* const* operands, const std::uint64_t* turns, std::size_t operand_count, std::size_t words, std::uint64_t* out) {
    join_all(operands, turns, operand_count, words, out, EitherOf{});
}

void extract(const std::uint64_t* bits, const std::uint64_t* mask, std::size_t words, std::uint64_t* out) {
    std::size_t at = 0;  // bits packed so far
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < words; ++i) {
        const std::uint64_t packed = extract_bits(bits[i], mask[i]);
        const auto count = static_cast<std::size_t>(__builtin_popcountll(mask[i]));
        const std::size_t used = at % 64;
        word |= packed << used;
        if (used + count >= 64) {
            out[at / 64] = word;
            word = used == 0 ? 0 : packed >> (64 - used);
        }
        at += count;
    }
    if (at % 64 != 0) out[at / 64] = word;
}
void deposit(const std::uint64_t* bits, const std::uint64_t* mask, std::size_t words, std::uint64_t* out) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < words; ++i) {
        if (mask[i] == 0) {
            out[i] = 0;
            continue;
        }
        const auto count = static_cast<std::size_t>(__builtin_popcountll(mask[i]));
        const std::size_t used = at % 64;
        std::uint64_t packed = bits[at / 64] >> used;
        if (used + count > 64) packed |= bits[at / 64 + 1] << (64 - used);
        out[i] = deposit_bits(packed, mask[i]);
        at += count;
    }
}

std::size_t count_bits(const std::uint64_t* words, std::size_t word_count) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < word_count; ++i) count += static_cast<std::size_t>(__builtin_popcountll(words[i]));
    return count;
}
void indices(const std::uint64_t* words, std::size_t word_count, std::uint32_t* out) {
    for (std::size_t i = 0; i < word_count; ++i) out = put_indices(words[i], static_cast<std::uint32_t>(64 * i), out);
}
void gather(const std::int64_t* x, const std::uint32_t* lanes, std::size_t count, std::int64_t* out) {
    std::size_t i = 0;
    for (; i + Vector::lanes <= count; i += Vector::lanes) store(out + i, gathered(x, lanes + i));
    for (; i < count; ++i) out[i] = x[lanes[i]];
}

void verdicts(const std::uint64_t* sure, const std::uint64_t* may, std::size_t count, std::uint8_t* out) {
    std::size_t first = 0;
    for (; first + 64 <= count; first += 64) codes_word(~may[first / 64], may[first / 64] & ~sure[first / 64], out + first);
    for (; first < count; ++first) out[first] = static_cast<std::uint8_t>((sure[first / 64] >> (first % 64) & 1) != 0 ? 0 : 1 + (may[first / 64] >> (first % 64) & 1));
}

void put_verdicts(const std::uint64_t* sure, const std::uint64_t* may, std::size_t count, std::uint8_t* out) {
    std::size_t first = 0;
    if (reinterpret_cast<std::uintptr_t>(out) % 64 == 0)
        for (; first + 64 <= count; first += 64) {
            alignas(64) std::int64_t codes[8];
            codes_word(~may[first / 64], may[first / 64] & ~sure[first / 64], reinterpret_cast<std::uint8_t*>(codes));
            for (std::size_t i = 0; i < 8; i += Vector::lanes) store_past_cache(reinterpret_cast<std::int64_t*>(out + first) + i, load(codes + i));
        }
    verdicts(sure + first / 64, may + first / 64, count - first, out + first);
}

constexpr Kernels table(const char* name) {
    return {name, at_most_bounds<std::int8_t>, at_most_bounds<std::uint8_t>, at_most_bounds<std::int16_t>, at_most_bounds<std::uint16_t>, at_most_bounds<std::int32_t>, at_most_bounds<std::uint32_t>,
            at_most_bounds<std::int64_t>, widen<std::int8_t>, widen<std::uint8_t>, widen<std::int16_t>, widen<std::uint16_t>, widen<std::int32_t>, widen<std::uint32_t>, member, sum, sum_at_most_zero, sum_is_zero, narrow_sum_at_most_zero, narrow_sum_is_zero, short_sum_at_most_zero, short_sum_is_zero, sum_divided, multiply_pairs, minimum, maximum, minimum_constant, maximum_constant, select, put_amounts, settle_stores, and_all, or_all, extract, deposit, count_bits, indices, gather, verdicts, put_verdicts};
}
