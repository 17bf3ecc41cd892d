// SQLite's allocator: small blocks from lists of each thread. Debian builds SQLite without lookaside, so every statement takes some
// fifty blocks from malloc, with a global lock each for its statistics: a sixth of the cost of a command, measured.
//
// Floor 5, persistence/sqlite only.
#pragma once

namespace fermata::sqlite {

/// Once per process, before SQLite is used for the first time. If somebody has used it before, SQLite says no, and all stays as it was.
void configure_library();

}  // namespace fermata::sqlite
