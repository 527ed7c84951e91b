// Reads profiles through io/ and tells what is wrong with them on standard error.
#include "profiles.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "../value/date.hpp"
#include "print.hpp"

namespace eligo::cli {
namespace {

void tell(const Settings& settings, const std::vector<io::Problem>& problems) {
    // Beyond what a person reads, the problems are counted; a program reads them all.
    constexpr std::size_t most_shown = 100;
    const std::size_t shown = settings.json ? problems.size() : std::min(problems.size(), most_shown);
    for (std::size_t i = 0; i < shown; ++i) print_problem(settings, problems[i]);
    if (const std::size_t rest = problems.size() - shown; rest > 0) {
        print_error_line(settings.in("另有 " + std::to_string(rest) + " 处问题未列出", "and " + std::to_string(rest) + " more"));
    }
}

}  // namespace

bool each_profile(const Settings& settings, const bytecode::Pack& pack, const io::ProfileFile& file, bytecode::Index subject, const io::TakeProfile& take) {
    std::vector<io::Problem> problems;
    (void)file.each(pack, subject, take, problems);
    tell(settings, problems);
    return problems.empty();
}

std::optional<std::string> why_years_are_old(const Settings& settings, std::optional<std::int32_t> latest_year) {
    constexpr std::int32_t old = 3;
    if (!latest_year || *latest_year + old > value::year_of(settings.as_of)) return std::nullopt;
    const std::string year = std::to_string(*latest_year), day = value::format_date(settings.as_of);
    return settings.in("年度数据最晚为 " + year + " 年，比所问的 " + day + " 早三年或更久，政策问到的年份多半没有数据；如要按当时判断，请用 --as-of 写明日期",
                       "the yearly facts end with " + year + ", three years or more before " + day + ", so that most of what policies ask is not known; --as-of names another day");
}

std::optional<io::ProfileFile> open_profiles(const Settings& settings, const std::string& path) {
    std::vector<io::Problem> problems;
    auto file = io::ProfileFile::open(path, problems);
    tell(settings, problems);
    return file;
}

}  // namespace eligo::cli
