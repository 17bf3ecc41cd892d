// gathering_vfs: a SQLite VFS on top of another: what a transaction adds to the write-ahead log reaches it with one write.
//
// Floor 5, persistence/sqlite only. SQLite adds each page to its log with two writes: 24 bytes of header, then the page. Here they are
// kept until the header says that its page ends a transaction (https://www.sqlite.org/fileformat2.html#the_write_ahead_log, bytes 4 to
// 7); then all of them are written at once, and SQLite gets the answer of that write for its last one. So nothing counts as committed that
// has not been written, an error arrives while the transaction can still be rolled back, and a process that is killed before has
// written less of a transaction that was not committed. What SQLite writes anew within its log goes there directly, after the kept
// pages; a sync, and a bound of 31 pages, have these written as well. All other files are the other VFS's own.
//
// For the only connection of any process that writes; others, which only read what is committed, need not know of it. Any thread.
#pragma once

#include <string>

#include "engine/base/result.h"

namespace fermata::sqlite {

/// The name to open a connection with. `below`: the name of the VFS it rests on, which must outlive the connections; empty: the system's.
/// internal when there is none of that name.
[[nodiscard]] Result<std::string> gathering_vfs(const std::string& below);

}  // namespace fermata::sqlite
