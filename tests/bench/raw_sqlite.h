// The raw ceiling of SQLite: four durable points an instance, each one upsert, one history row, one job deleted and one inserted, with
// group commit behind blocking clients. What the engine's own rates are read against, in the same run on the same disk.
#pragma once

#include <string>

namespace fermata::bench {

struct Rate {
  double instances_per_second = 0;
  double p50_us = 0;  ///< of one acknowledged step
  double p99_us = 0;
};

/// The packed design at `clients` blocking clients for `seconds`.
[[nodiscard]] Rate raw_packed(const std::string& file, int clients, double seconds);
/// Median time of one committed one-row insert, in microseconds.
[[nodiscard]] double raw_one_row_commit_us(const std::string& file, int commits);

}  // namespace fermata::bench
