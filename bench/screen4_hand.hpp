// The hand-written rivals of the screening workload, behind plain functions: the workload's own sources are compiled in
// screen4_hand.cpp alone, with every instruction that this machine has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace eligo::bench {

inline constexpr std::size_t screen4_policies = 4, screen4_amounts = 2;

// The workload's columns where they lie, and which of their rows are known, as bitmaps.
struct Screen4Columns {
    std::size_t rows = 0;
    const std::int32_t* registered_on;
    const std::uint16_t *employees, *rd_staff, *domestic_share;  // the share in ten-thousandths
    const std::uint8_t *ip_class1, *ip_class2, *tech_field, *division, *innovation_score;
    const std::int64_t *revenue[3], *total_income, *high_tech_income, *rd[3], *total_assets, *rd_own, *rd_domestic, *rd_foreign, *loss_on_exit;
    const std::uint64_t *rd_staff_known, *share_known, *score_known, *assets_known, *resident, *audited, *incident;
};

// One company, to be given to the engine as a profile.
struct Screen4Company {
    int division;
    bool resident, audited, incident;
    std::int32_t registered_on, employees, rd_staff, ip_class1, ip_class2, tech_field, domestic_share, innovation_score;
    std::int64_t revenue[3], total_income, high_tech_income, rd[3], total_assets, rd_own, rd_domestic, rd_foreign, loss_on_exit;
    bool rd_staff_known, share_known, score_known, assets_known;
};

// Memory laid out as the rivals' own.
void* screen4_memory(std::size_t bytes);

// Reads the workload's file; call once, before anything else.
void screen4_load(const char* path);
std::size_t screen4_rows();
const Screen4Columns& screen4_columns();
Screen4Company screen4_company(std::size_t row);

// Rows `first` .. `last` - 1 into the rivals' own results.
void screen4_rows_by_hand(std::size_t first, std::size_t last);
void screen4_columns_by_hand(std::size_t first, std::size_t last);
std::uint64_t screen4_check_by_hand(std::size_t row);  // a sum of the results, so that they are worked out

// Verdicts (0 ineligible, 1 unknown, 2 eligible) and amounts of one row, as rows by hand give them.
struct Screen4Result {
    std::uint8_t verdicts[screen4_policies];
    std::int64_t amounts[screen4_amounts];
};
Screen4Result screen4_result(std::size_t row);

// Counts and sums over all rows, as the workload's reference prints them.
std::string screen4_counts_of_rows();
std::string screen4_counts_of_columns();

}  // namespace eligo::bench
