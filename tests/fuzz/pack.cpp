// Any bytes as a compiled pack: refused with a reason, or checked, explained and listed. The header is written here, so
// that a pack of the corpus is not refused for its checksum or an older format before its body is looked at.
// Broken when: the loader accepts what the engine cannot run. The mutator for it is pack_mutator.cpp.
#include <algorithm>
#include <string>

#include "../../engine/bytecode/image.hpp"
#include "../engines/damaging.hpp"
#include "../engines/run_everything.hpp"
#include "target.hpp"

namespace {

void load(const eligo::oracle::Image& image) {
    eligo::bytecode::Fault fault;
    const auto pack = eligo::bytecode::read_image(image, fault);
    eligo::fuzz::require(pack.has_value() != fault.found(), "refused without a reason, or accepted with one");
    if (pack) eligo::oracle::run_everything(*pack);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace eligo;
    oracle::Image image(data, data + size);
    load(image);
    if (size <= oracle::image_header) return 0;
    const oracle::Image empty = bytecode::write_image({});
    std::copy_n(empty.begin(), oracle::image_header, image.begin());
    oracle::seal(image);
    load(image);
    return 0;
}
