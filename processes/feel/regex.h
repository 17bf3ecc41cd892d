// Regular expressions as XPath writes them (DMN 1.5, table 76), run by RE2 in linear time; those with back-references
// by trial within a bound (backtracker.h).
//
//   Regex regex = make_regex("[a-z]+", "i");   regex->error  ->  why it cannot be used
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::feel {

class Backtracker;

struct Match {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<std::string_view> groups;  ///< 0 is the whole match
  std::size_t tries = 0;                 ///< that it took, where matching is by trial
  bool gave_up = false;                  ///< there may be one, but it takes too many tries to find it
};

class Regex {
 public:
  /// Flags of XPath: s, m, i, x, q.
  Regex(std::string_view pattern, std::string_view flags);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  /// Empty when the pattern can be used.
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] bool find(std::string_view text, std::size_t from, Match& match) const;
  [[nodiscard]] int groups() const;

 private:
  struct Compiled;
  [[nodiscard]] bool find_by_trial(std::string_view text, std::size_t from, Match& match) const;

  std::unique_ptr<Compiled> compiled_;
  std::unique_ptr<Backtracker> backtracker_;  ///< instead, for a pattern with back-references
  std::string error_;
};

}  // namespace fermata::feel
