// Patterns with back-references: no linear-time engine matches them, so these are tried, within a bound on the tries.
//
// Part of regex.cpp, which translates XPath's syntax and uses RE2 for all other patterns. The pattern becomes a program
// for a small machine with a stack of its own: text and pattern may be as nasty as they like, memory and time are
// bounded.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::feel {

class Backtracker {
 public:
  /// `pattern` is what regex.cpp makes of it for RE2, with back-references as \1; `flags` are of i, m and s.
  Backtracker(std::string_view pattern, std::string_view flags);
  ~Backtracker();
  Backtracker(const Backtracker&) = delete;
  Backtracker& operator=(const Backtracker&) = delete;

  /// Empty when the pattern can be used.
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] int groups() const;

  enum class Outcome : unsigned char { found, none, gave_up };
  /// The first match from `from` on; `spans` gets begin and end of each group, npos for one that took no part.
  /// `tries` gets how many steps it took.
  [[nodiscard]] Outcome find(std::string_view text, std::size_t from, std::vector<std::size_t>& spans,
                             std::size_t& tries) const;

 private:
  struct Program;
  std::unique_ptr<Program> program_;
  std::string error_;
};

}  // namespace fermata::feel
