// How libFuzzer changes a pack: half of the time in its bytes, as it does by itself, else field by field, which
// leaves every length and index as plausible as it was.
#include <algorithm>
#include <string>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/bytecode/bounds.hpp"
#include "../engines/damaging.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
    using namespace eligo;
    oracle::Random random(seed);
    bytecode::Fault fault;
    if (size <= oracle::image_header || random() % 2 == 0) return LLVMFuzzerMutate(data, size, most);
    auto pack = bytecode::read_image({data, size}, fault);
    if (!pack) {
        const std::size_t body = LLVMFuzzerMutate(data + oracle::image_header, size - oracle::image_header, most - oracle::image_header);
        return oracle::image_header + body;
    }
    oracle::damage_field(*pack, random);
    // Not to be refused for the bounds alone.
    if (random() % 2 == 0) bytecode::state_bounds(*pack);
    const oracle::Image image = bytecode::write_image(*pack);
    if (image.size() > most) return size;
    std::copy(image.begin(), image.end(), data);
    return image.size();
}
