// Backtracker: matches patterns with back-references, such as "(.)\1", which no linear-time matcher can.
//
// Only regex.cpp uses it, and only for patterns that refer back: all others run in RE2. It takes patterns in the form
// that regex.cpp translates to, already proven sound by RE2. Time is bounded by whoever counts its steps; memory by
// `states_max`. Immutable after construction.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::feel {

class Backtracker {
 public:
  /// Told how many steps were just taken; throws to end the search.
  using Steps = std::function<void(std::uint64_t count)>;

  struct Flags {
    bool ignore_case = false;
    bool dot_all = false;
    bool lines = false;  ///< ^ and $ also at line feeds
  };

  /// `pattern` is RE2's syntax, with \k{N} for a reference to group N. What is wrong with it (it grows beyond bounds)
  /// is in error().
  Backtracker(std::string_view pattern, Flags flags);
  ~Backtracker();
  Backtracker(const Backtracker&) = delete;
  Backtracker& operator=(const Backtracker&) = delete;

  [[nodiscard]] const std::string& error() const { return error_; }

  /// The leftmost match at or after `from`; `groups[i]` has a null data() when group i did not take part. False: there
  /// is none, or the search would need more than `states_max` places to come back to and `steps` did not throw.
  [[nodiscard]] bool find(std::string_view text, std::size_t from, std::vector<std::string_view>& groups,
                          const Steps& steps) const;

  static constexpr std::size_t states_max = 200'000;

 private:
  struct Program;
  std::unique_ptr<Program> program_;
  std::string error_;
};

}  // namespace fermata::feel
