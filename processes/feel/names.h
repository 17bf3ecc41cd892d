// Names with spaces and operators in them: "Mike's age", "a + b". Two spellings are the same name if they differ in
// white space only; the canonical form has one space between words and none around operators.
//
//   NameSet names; names.add("average age");
//   names.find("average   age" canonical) -> "average age"
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "processes/feel/scanner.h"

namespace fermata::feel {

[[nodiscard]] std::string canonical_name(std::string_view name);

class NameSet {
 public:
  void add(std::string_view name);
  /// The name as it was added, or nullptr.
  [[nodiscard]] const std::string* find(const std::string& canonical) const;
  [[nodiscard]] std::size_t longest() const { return longest_; }

 private:
  std::unordered_map<std::string, std::string> by_canonical_;
  std::size_t longest_ = 0;
};

/// Walks over the words and name symbols from a position, one part at a time.
class NameReader {
 public:
  NameReader(const Scanner& scanner, std::string_view text, std::size_t from)
      : scanner_(scanner), text_(text), at_(from) {}

  /// Takes one more part; false when what follows cannot be part of a name.
  bool next();
  [[nodiscard]] const std::string& canonical() const { return canonical_; }
  [[nodiscard]] const std::string& spelled() const { return spelled_; }  ///< white space reduced to single spaces
  [[nodiscard]] std::size_t end() const { return at_; }
  /// The part that next() would take.
  [[nodiscard]] std::string_view peek() const;

 private:
  const Scanner& scanner_;
  std::string_view text_;
  std::size_t at_;
  std::string canonical_;
  std::string spelled_;
  bool last_was_word_ = false;
};

}  // namespace fermata::feel
