// Sample stores: database files that scenarios have left behind, as one file each that nobody has open.
//
//   const std::string problem = play_into(scenario_path, "/tmp/x/sample.db");   // "" when the scenario went as it says
#pragma once

#include <string>

namespace fermata::checker {

/// Plays a scenario in a world on SQLite and writes a copy of its database to `file`. Answers what went wrong, or "".
[[nodiscard]] std::string play_into(const std::string& scenario_path, const std::string& file);

/// Runs SQL on a file. Answers how many rows it has changed; -1 and a line on stderr when it is wrong.
[[nodiscard]] int run_sql(const std::string& file, const std::string& sql);

}  // namespace fermata::checker
