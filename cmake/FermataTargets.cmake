# fermata_library(NAME SOURCES a.cpp ... LINK lower_floor ... [PRIVATE third_party ...])
# One static library; its headers are included from the source root ("engine/base/value.h").
function(fermata_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE ${arg_PRIVATE} fermata_warnings)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name} INTERFACE ${arg_LINK})
  endif()
endfunction()

# fermata_test(NAME SOURCES a_test.cpp ... LINK lib ... [LABELS unit ...])
# One GoogleTest program, known to ctest as one test per TEST() case. Does nothing without FERMATA_TESTS.
function(fermata_test name)
  if(NOT FERMATA_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gtest_main fermata_warnings)
  target_compile_definitions(${name} PRIVATE
    FERMATA_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    FERMATA_FIXTURES_DIR="${CMAKE_SOURCE_DIR}/../shared/fixtures")
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 600)
endfunction()

# fermata_split_debug(NAME): what is shipped keeps its function names; its line numbers, seven times as large, go into NAME.debug beside
# it, where gdb and perf find them by themselves.
function(fermata_split_debug name)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" OR FERMATA_SANITIZE OR NOT CMAKE_OBJCOPY)
    return()
  endif()
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND "${CMAKE_OBJCOPY}" --only-keep-debug "$<TARGET_FILE:${name}>" "$<TARGET_FILE:${name}>.debug"
    COMMAND "${CMAKE_OBJCOPY}" --strip-debug "--add-gnu-debuglink=$<TARGET_FILE:${name}>.debug" "$<TARGET_FILE:${name}>"
    VERBATIM)
endfunction()
