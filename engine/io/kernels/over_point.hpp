// How bytes move up over a point that has so many digits behind it.
struct OverPoint {
    alignas(16) signed char places[16][16]{};
    constexpr OverPoint() {
        for (int point = 0; point < 16; ++point) {
            for (int lane = 0; lane < 16; ++lane) places[point][lane] = static_cast<signed char>(point > 0 && lane <= 15 - point ? lane - 1 : lane);
        }
    }
};
constexpr OverPoint over_point;
