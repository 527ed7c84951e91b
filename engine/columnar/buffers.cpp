// Memory for the registers of a block. Tested by tests/engines/columnar.cpp.
#include "specialise.hpp"

namespace eligo::columnar {
namespace {

constexpr std::size_t line = 64;  // bytes of the cache's lines, which buffers begin on

std::byte* aligned(const Buffer& buffer) {
    const auto address = reinterpret_cast<std::uintptr_t>(buffer.get());
    return buffer.get() + (line - address % line) % line;
}

}  // namespace

std::size_t Buffers::bytes_of(Form form) const {
    switch (form) {
        case Form::Number: return lanes_ * sizeof(std::int64_t);
        case Form::Wide: return lanes_ * sizeof(Int128);
        case Form::Truth: return lanes_ / 8;
    }
    return 0;
}

std::byte* Buffers::at(Form form, std::size_t number) {
    auto& pool = pools_[static_cast<std::size_t>(form)];
    while (pool.size() <= number) pool.push_back(std::make_unique<std::byte[]>(bytes_of(form) + line));
    return aligned(pool[number]);
}

std::byte* Buffers::constant(Form form, Int128 value) {
    Buffer& buffer = constants_[{form, value}];
    if (buffer != nullptr) return aligned(buffer);
    buffer = std::make_unique<std::byte[]>(bytes_of(form) + line);
    static constexpr Opcode opcodes[] = {Opcode::Constant, Opcode::ConstantW, Opcode::ConstantB};
    Arguments arguments;
    arguments.count = lanes_;
    arguments.low = arguments.high = value;
    arguments.result = {aligned(buffer), aligned(buffer)};
    execute(opcodes[static_cast<std::size_t>(form)], arguments);
    return aligned(buffer);
}

}  // namespace eligo::columnar
