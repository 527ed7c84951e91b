// The workload's sources, which are no part of this repository, and what the benchmarks call of them.
#include "screen4_hand.hpp"

#include <hand.hpp>

namespace eligo::bench {
namespace {

constexpr int block = 1024;

struct State {
    std::vector<Company> companies;
    Cols columns;
    std::vector<Result> results;
    Out out;
    Screen4Columns view;
};

State& state() {
    static State one;
    return one;
}

}  // namespace

void* screen4_memory(std::size_t bytes) { return alloc<u8>(bytes); }

void screen4_load(const char* path) {
    State& s = state();
    s.companies = load(path);
    s.columns.init(s.companies.size());
    for (std::size_t i = 0; i < s.companies.size(); ++i) s.columns.set(i, s.companies[i]);
    s.results.resize(s.companies.size());
    s.out.init(s.companies.size());
    const Cols& c = s.columns;
    s.view = {c.n, c.reg, c.emp, c.rds, c.share, c.ip1, c.ip2, c.field, c.ind, c.score, {c.rev[0], c.rev[1], c.rev[2]}, c.ti, c.hti, {c.rd[0], c.rd[1], c.rd[2]}, c.ta, c.own, c.dom, c.fgn, c.loss,
              c.v_rds, c.v_share, c.v_score, c.v_ta, c.b_res, c.b_aud, c.b_inc};
}

std::size_t screen4_rows() { return state().companies.size(); }
const Screen4Columns& screen4_columns() { return state().view; }

Screen4Company screen4_company(std::size_t row) {
    const Company& c = state().companies[row];
    return {c.division, c.resident, c.audited, c.incident, c.reg, c.employees, c.rd_staff, c.ip1, c.ip2, c.field, c.share, c.score, {c.rev[0], c.rev[1], c.rev[2]}, c.ti, c.hti, {c.rd[0], c.rd[1], c.rd[2]},
            c.ta, c.own, c.dom, c.fgn, c.loss, (c.present & P_RDS) != 0, (c.present & P_SHARE) != 0, (c.present & P_SCORE) != 0, (c.present & P_TA) != 0};
}

void screen4_rows_by_hand(std::size_t first, std::size_t last) { run_a<i64>(state().companies.data(), state().results.data(), first, last); }
void screen4_columns_by_hand(std::size_t first, std::size_t last) { run_b<block>(state().columns, state().out, first, last); }

std::uint64_t screen4_check_by_hand(std::size_t row) {
    Result r;
    a_row<i64>(state().companies[row], r);
    return static_cast<std::uint64_t>(r.v[0] + r.v[1] + r.v[2] + r.v[3] + r.amt[0] + r.amt[1]);
}

Screen4Result screen4_result(std::size_t row) {
    Result r;
    a_row<i64>(state().companies[row], r);
    return {{r.v[0], r.v[1], r.v[2], r.v[3]}, {r.amt[0], r.amt[1]}};
}

std::string screen4_counts_of_rows() {
    Check counts;
    for (const Result& result : state().results) counts.add(result.v, result.amt);
    return counts.str();
}
std::string screen4_counts_of_columns() { return check(state().out, state().companies.size()).str(); }

}  // namespace eligo::bench
