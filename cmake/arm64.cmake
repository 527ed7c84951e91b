# A toolchain: for arm64, on a machine of another kind, with Debian's cross compiler; what is built runs under qemu. `.ci/arm64`
# puts the libraries where they are looked for here.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

get_filename_component(arm64_libraries ${CMAKE_CURRENT_LIST_DIR}/../build/arm64-libraries ABSOLUTE)
set(arm64_shared ${arm64_libraries}/usr/lib/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH ${arm64_libraries} /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${arm64_libraries})
set(ENV{PKG_CONFIG_LIBDIR} ${arm64_shared}/pkgconfig:${arm64_libraries}/usr/share/pkgconfig)

# What libraries need of each other is found here when they are linked.
set(CMAKE_EXE_LINKER_FLAGS_INIT -Wl,-rpath-link=${arm64_shared}:${arm64_libraries}/lib/aarch64-linux-gnu)
# Run with that system's own C library, so that its encodings are there.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L ${arm64_libraries})
