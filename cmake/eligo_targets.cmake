# One object library a folder of engine/, so that the arrows of house style stand in target_link_libraries.

# Warnings and sanitizers shared by everything we build; an interface, so that they never reach a consumer.
add_library(eligo_options INTERFACE)
target_compile_options(eligo_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Werror=switch -Werror=return-type -Wno-missing-field-initializers
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # g++ 12 reports it falsely for "text" + std::string
if(ELIGO_SANITIZE)
  # The runtime is built without RTTI, which the check of virtual pointers needs.
  target_compile_options(eligo_options INTERFACE -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(eligo_options INTERFACE -fsanitize=address,undefined)
endif()
if(ELIGO_FUZZ)
  target_compile_options(eligo_options INTERFACE -fsanitize=fuzzer-no-link)  # counts branches; only a fuzzer links the rest
endif()

# eligo_folder(name [RUNTIME] [SOURCES files...] LINKS other folders...)
# RUNTIME folders are built without RTTI and may use nothing but the standard library. They neither throw nor catch but where the C
# interface ends, so that ELIGO_EXCEPTIONS=OFF builds them without exceptions too; by default they have them, so that destructors
# run when the standard library throws std::bad_alloc. Without SOURCES, all files of the folder; with them, the target is a part of one.
function(eligo_folder name)
  cmake_parse_arguments(arg "RUNTIME" "" "SOURCES;LINKS" ${ARGN})
  set(sources ${arg_SOURCES})
  if(NOT sources)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  endif()
  if(name STREQUAL "syntax")
    file(GLOB grammar CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/grammar/*.cpp)
    list(APPEND sources ${grammar})
  endif()
  if(name STREQUAL "columnar")
    file(GLOB kernels CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/kernels/*.cpp)
    list(APPEND sources ${kernels})
  endif()
  if(NOT sources)
    return()
  endif()
  add_library(eligo_${name} OBJECT ${sources})
  set_target_properties(eligo_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_include_directories(eligo_${name} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
  target_link_libraries(eligo_${name} PRIVATE $<BUILD_INTERFACE:eligo_options>)
  if(arg_RUNTIME)
    target_compile_options(eligo_${name} PRIVATE -fno-rtti $<$<NOT:$<BOOL:${ELIGO_EXCEPTIONS}>>:-fno-exceptions>)
  endif()
  foreach(link IN LISTS arg_LINKS)
    if(TARGET eligo_${link})
      target_link_libraries(eligo_${name} PUBLIC eligo_${link})
    endif()
  endforeach()
endfunction()
