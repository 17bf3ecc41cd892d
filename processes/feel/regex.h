// Regular expressions as XPath writes them (DMN 1.5, table 76), run by RE2 in linear time; those with back-references
// by a matcher that counts its steps (regex_backtrack.h).
//
//   Regex regex("[a-z]+", "i");   regex.error()  ->  why it cannot be used
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::feel {

struct Match {
  std::size_t begin;
  std::size_t end;
  std::vector<std::string_view> groups;  ///< 0 is the whole match
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
  /// The leftmost match at or after `from`; its groups only if they are wanted (then the search is slower). `steps` is
  /// told of the work that is not linear; it may throw.
  [[nodiscard]] bool find(std::string_view text, std::size_t from, bool want_groups, Match& match,
                          const std::function<void(std::uint64_t)>& steps) const;
  /// How large the compiled pattern is: the instructions of its automaton. Of one that grew too large to be used, about
  /// where it was given up.
  [[nodiscard]] std::size_t size() const;
  /// For how many places in the pattern a byte of text may cost time: the automaton of a pattern that counts, or of a
  /// long one, may outgrow its memory, and then RE2 follows all places at once.
  [[nodiscard]] std::size_t places() const;
  /// How far beyond its end a match may have looked: as far as the text goes if something repeats without a bound.
  [[nodiscard]] std::size_t lookahead_max() const;
  [[nodiscard]] int groups() const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
  std::string error_;
};

}  // namespace fermata::feel
