// The sizes in SQLite's write-ahead log: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
//
// Floor 5, persistence/sqlite only. Bytes.
#pragma once

namespace fermata::sqlite {

inline constexpr int log_header_bytes = 32;
inline constexpr int frame_header_bytes = 24;  ///< a frame: a header, then the page
inline constexpr int page_bytes = 4096;        ///< of the databases that this program makes

}  // namespace fermata::sqlite
