#include "processes/feel/names.h"

#include <algorithm>

namespace fermata::feel {
namespace {

constexpr std::string_view name_symbols = "./-'+*";

}  // namespace

std::string_view NameReader::peek() const {
  const std::size_t from = scanner_.skip_blank(at_);
  if (from >= text_.size()) return {};
  if (const std::size_t end = scanner_.word_end(from, !canonical_.empty()); end != from)
    return text_.substr(from, end - from);
  if (!canonical_.empty() && name_symbols.find(text_[from]) != std::string_view::npos) return text_.substr(from, 1);
  return {};
}

bool NameReader::next() {
  const std::string_view part = peek();
  if (part.empty()) return false;
  const auto from = static_cast<std::size_t>(part.data() - text_.data());
  const bool is_word = part.size() > 1 || name_symbols.find(part[0]) == std::string_view::npos;
  if (is_word && last_was_word_) canonical_ += ' ';
  if (!spelled_.empty() && from > at_) spelled_ += ' ';
  canonical_ += part;
  spelled_ += part;
  last_was_word_ = is_word;
  at_ = from + part.size();
  return true;
}

// What cannot be written as a name (it came as a string) stands for itself.
std::string canonical_name(std::string_view name) {
  const Scanner scanner(name);
  NameReader reader(scanner, name, 0);
  try {
    while (reader.next()) {
    }
    if (scanner.skip_blank(reader.end()) == name.size()) return reader.canonical();
  } catch (const ParseError&) {  // an unclosed comment within the name
  }
  return std::string(name);
}

void NameSet::add(std::string_view name) {
  if (name.empty() || invalid_utf8_at(name) != std::string_view::npos) return;
  std::string canonical = canonical_name(name);
  longest_ = std::max(longest_, canonical.size());
  by_canonical_.insert_or_assign(std::move(canonical), std::string(name));
}

const std::string* NameSet::find(const std::string& canonical) const {
  const auto found = by_canonical_.find(canonical);
  return found == by_canonical_.end() ? nullptr : &found->second;
}

}  // namespace fermata::feel
