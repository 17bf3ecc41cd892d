# Turns schema/NNNN_*.sql into one .cpp, so that the program carries its migrations. Run by persistence/CMakeLists.txt at build time:
#   cmake -DFILES=a.sql;b.sql -DOUT=embedded.cpp -P embed.cmake
set(entries "")
foreach(file ${FILES})
  file(READ "${file}" text)
  get_filename_component(name "${file}" NAME)
  string(REGEX MATCH "^[0-9]+" number "${name}")
  string(REGEX REPLACE "^0+" "" number "${number}")
  string(APPEND entries "    {${number}, \"${name}\", R\"~~~(${text})~~~\"},\n")
endforeach()
file(WRITE "${OUT}" "// Written by persistence/schema/embed.cmake: do not edit.
#include \"persistence/sqlite/migrations.h\"

namespace fermata::sqlite {

namespace {
constexpr Migration embedded[] = {
${entries}};
}  // namespace

std::span<const Migration> embedded_migrations() { return embedded; }

}  // namespace fermata::sqlite
")
