# Language level, warnings, sanitizers and build speed: everything that holds for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# Optimised builds keep line numbers for stack traces, but not the full debug information that doubles link time.
# g++ 12 sees uninitialised members in moved std::variant at -O2 where there are none.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -Wno-maybe-uninitialized")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1")

find_program(FERMATA_CCACHE ccache)
if(FERMATA_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${FERMATA_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${FERMATA_CCACHE}")
endif()

# Boost.MSM takes about 0.6 GB a file: never compile two at once.
set_property(GLOBAL PROPERTY JOB_POOLS msm=1)

set(FERMATA_SANITIZE "" CACHE STRING "Sanitizers for every target: address,undefined or thread")
if(FERMATA_SANITIZE)
  add_compile_options(-fsanitize=${FERMATA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FERMATA_SANITIZE})
endif()

add_library(fermata_warnings INTERFACE)
target_compile_options(fermata_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wshadow;-Werror>)
