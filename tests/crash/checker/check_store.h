// check_store: does a database file keep the invariants of docs/ARCHITECTURE.md, "What never breaks", down to every
// row?
//
// Three views of one file are held against each other: the rows (SQL), the rows as the engine loads them, and what the
// recorded events say that the rows must be. Nobody may have the file open; it is not touched, a copy is.
//
//   for (const std::string& line : check_store("/var/lib/fermata/fermata.db")) std::puts(line.c_str());
#pragma once

#include <string>
#include <vector>

namespace fermata::checker {

/// Every broken invariant, one line each, at most a few hundred; empty: none. A file that cannot be opened is one as
/// well. Forks a child for the replay, because an event that does not fit aborts the process: call it without other
/// threads.
[[nodiscard]] std::vector<std::string> check_store(const std::string& path);

// The two halves, on a file that may be written to.

/// What SQL can see: orphans, counts, doubled keys, ended things that live, chains of transitions.
[[nodiscard]] std::vector<std::string> check_rows(const std::string& path);
/// The recorded events played again, against every row, live and ended, and broken_invariants() of every live instance.
/// May abort: run it in a child.
[[nodiscard]] std::vector<std::string> check_replay(const std::string& path);

}  // namespace fermata::checker
