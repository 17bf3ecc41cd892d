#include "processes/feel/regex.h"

#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <set>

#include "processes/feel/regex_backtrack.h"
#include "processes/feel/scanner.h"

namespace fermata::feel {
namespace {

struct BadPattern {
  std::string why;
};

constexpr char32_t last_code_point = 0x10ffff;

// A set of code points as sorted, disjoint ranges.
using Ranges = std::vector<std::pair<char32_t, char32_t>>;

Ranges normalised(Ranges ranges) {
  std::sort(ranges.begin(), ranges.end());
  Ranges made;
  for (const auto& [low, high] : ranges) {
    if (!made.empty() && low <= made.back().second + 1) {
      made.back().second = std::max(made.back().second, high);
    } else {
      made.emplace_back(low, high);
    }
  }
  return made;
}

Ranges complement(const Ranges& sorted) {
  Ranges made;
  char32_t next = 0;
  for (const auto& [low, high] : sorted) {
    if (low > next) made.emplace_back(next, low - 1);
    next = high + 1;
  }
  if (next <= last_code_point) made.emplace_back(next, last_code_point);
  return made;
}

void append_code_point(std::string& out, char32_t code) {
  char text[16];
  std::snprintf(text, sizeof text, "\\x{%X}", static_cast<unsigned>(code));
  out += text;
}

// Flag x: white space outside of classes is not part of the pattern, not even within escapes.
std::string without_blanks(std::string_view pattern) {
  std::string made;
  int in_class = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const bool escaped = !made.empty() && made.back() == '\\' && (made.size() < 2 || made[made.size() - 2] != '\\');
    if (in_class == 0 && std::string_view(" \t\r\n").find(c) != std::string_view::npos) continue;
    if (c == '[' && !escaped) ++in_class;
    if (c == ']' && !escaped && in_class > 0) --in_class;
    made += c;
  }
  return made;
}

struct Block {
  std::string_view name;
  const char* range;
};

// Blocks of Unicode by XPath's names, as far as RE2's ranges make them cheap to offer.
constexpr Block blocks[] = {{"IsBasicLatin", "\\x{0}-\\x{7F}"},
                            {"IsLatin-1Supplement", "\\x{80}-\\x{FF}"},
                            {"IsLatinExtended-A", "\\x{100}-\\x{17F}"},
                            {"IsLatinExtended-B", "\\x{180}-\\x{24F}"},
                            {"IsGreek", "\\x{370}-\\x{3FF}"},
                            {"IsCyrillic", "\\x{400}-\\x{4FF}"},
                            {"IsHebrew", "\\x{590}-\\x{5FF}"},
                            {"IsArabic", "\\x{600}-\\x{6FF}"},
                            {"IsHiragana", "\\x{3040}-\\x{309F}"},
                            {"IsKatakana", "\\x{30A0}-\\x{30FF}"},
                            {"IsCJKUnifiedIdeographs", "\\x{4E00}-\\x{9FFF}"}};

// Rewrites an XPath pattern for RE2. Patterns are valid UTF-8, as all strings of FEEL are.
class Translator {
 public:
  /// With `dot_all` the dot stands for every character, otherwise for all but line feed and carriage return.
  Translator(std::string_view pattern, bool dot_all) : in_(pattern), dot_all_(dot_all) {}

  /// What RE2 reads; a back-reference is \k{N}, which RE2 does not know.
  std::string translate() {
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '[') {
        emit(read_class(0));
      } else if (c == '\\') {
        out_ += at_back_reference() ? read_back_reference() : read_escape_outside();
      } else if (c == '.' && !dot_all_) {
        out_ += "[^\n\r]";
        ++at_;
      } else if (c == '(' && in_.substr(at_, 2) == "(?" && in_.substr(at_, 3) != "(?:") {
        throw BadPattern{"a group that begins with (? other than (?: is not part of XPath's regular expressions"};
      } else {
        if (c == '(') open_.push_back(in_.substr(at_, 2) == "(?" ? 0 : ++groups_);
        if (c == ')' && !open_.empty()) {
          if (open_.back() != 0) closed_.insert(open_.back());
          open_.pop_back();
        }
        out_ += c;
        ++at_;
      }
    }
    return std::move(out_);
  }
  [[nodiscard]] bool refers_back() const { return refers_back_; }

 private:
  [[nodiscard]] bool at_back_reference() const {
    return at_ + 1 < in_.size() && in_[at_ + 1] >= '1' && in_[at_ + 1] <= '9';
  }

  // As many digits as name a group that is closed here (XPath and XQuery Functions and Operators 3.1, 5.6.1).
  std::string read_back_reference() {
    int group = in_[at_ + 1] - '0';
    at_ += 2;
    if (!closed_.contains(group)) {
      throw BadPattern{"\\" + std::to_string(group) + " must follow the end of group " + std::to_string(group)};
    }
    while (at_ < in_.size() && in_[at_] >= '0' && in_[at_] <= '9' && closed_.contains(group * 10 + (in_[at_] - '0')))
      group = group * 10 + (in_[at_++] - '0');
    refers_back_ = true;
    return "\\k{" + std::to_string(group) + "}";
  }

  // A class: code points, and whole categories such as \p{L} that RE2 knows by name.
  struct Class {
    bool negated = false;
    Ranges ranges;
    std::string categories;
  };

  void emit(const Class& made) {
    if (made.ranges.empty() && made.categories.empty()) {
      out_ += made.negated ? "(?s:.)" : "[^\\x{0}-\\x{10FFFF}]";
      return;
    }
    out_ += made.negated ? "[^" : "[";
    for (const auto& [low, high] : made.ranges) {
      append_code_point(out_, low);
      if (high == low) continue;
      out_ += '-';
      append_code_point(out_, high);
    }
    out_ += made.categories + "]";
  }

  char32_t take_code_point() {
    const unsigned char lead = static_cast<unsigned char>(in_[at_]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t code = length == 1 ? lead : lead & (0xff >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<unsigned char>(in_[at_ + i]) & 0x3f);
    at_ += length;
    return code;
  }

  Class read_class(int nesting) {
    constexpr int nesting_max = 10;
    if (nesting > nesting_max) throw BadPattern{"classes are subtracted too deeply"};
    ++at_;
    Class made;
    if (at_ < in_.size() && in_[at_] == '^') {
      made.negated = true;
      ++at_;
    }
    bool first = true;
    while (true) {
      if (at_ >= in_.size()) throw BadPattern{"a [ is not closed"};
      if (in_[at_] == ']' && !first) break;
      first = false;
      if (in_.substr(at_, 2) == "-[") {
        ++at_;
        made = subtract(made, read_class(nesting + 1));
        if (at_ >= in_.size() || in_[at_] != ']')
          throw BadPattern{"a subtracted class must stand at the end of its class"};
        break;
      }
      read_class_item(made);
    }
    ++at_;
    made.ranges = normalised(std::move(made.ranges));
    return made;
  }

  void read_class_item(Class& made) {
    const std::optional<char32_t> low = read_class_character(made.categories);
    if (!low) return;
    char32_t high = *low;
    if (at_ + 1 < in_.size() && in_[at_] == '-' && in_[at_ + 1] != ']' && in_[at_ + 1] != '[') {
      ++at_;
      const std::optional<char32_t> end = read_class_character(made.categories);
      if (!end || *end < *low) throw BadPattern{"a range of characters runs backwards"};
      high = *end;
    }
    made.ranges.emplace_back(*low, high);
  }

  // One character of a class, or nothing if it was an escape for many, which is then added to the categories.
  std::optional<char32_t> read_class_character(std::string& categories) {
    if (in_[at_] != '\\') return take_code_point();
    if (++at_ >= in_.size()) throw BadPattern{"the pattern ends in a backslash"};
    const char c = in_[at_];
    switch (c) {
      case 'n':
        ++at_;
        return U'\n';
      case 'r':
        ++at_;
        return U'\r';
      case 't':
        ++at_;
        return U'\t';
      case 's':
        ++at_;
        categories += " \\t\\n\\r";
        return std::nullopt;
      case 'S':
        ++at_;
        categories += "\\S";
        return std::nullopt;
      case 'd':
        ++at_;
        categories += "\\p{Nd}";
        return std::nullopt;
      case 'D':
        ++at_;
        categories += "\\P{Nd}";
        return std::nullopt;
      case 'w':
        ++at_;
        categories += "\\p{L}\\p{M}\\p{N}\\p{S}";
        return std::nullopt;
      case 'W':
        ++at_;
        categories += "\\p{P}\\p{Z}\\p{C}";
        return std::nullopt;
      case 'i':
        ++at_;
        categories += "\\p{L}_:";
        return std::nullopt;
      case 'c':
        ++at_;
        categories += "\\p{L}\\p{M}\\p{Nd}_:.\\-";
        return std::nullopt;
      case 'p':
      case 'P':
        categories += read_category();
        return std::nullopt;
      default:
        break;
    }
    return read_escaped_sign();
  }

  char32_t read_escaped_sign() {
    const char c = in_[at_];
    if (std::string_view("\\|.?*+(){}-[]^$ ").find(c) != std::string_view::npos) return ++at_, static_cast<char32_t>(c);
    if (c >= '0' && c <= '9') throw BadPattern{std::string("\\") + c + " refers to no group here"};
    throw BadPattern{std::string("there is no escape \\") + c};
  }

  // \p{L} and the like, from after the backslash.
  std::string read_category() {
    const std::size_t close = in_.find('}', at_);
    if (at_ + 1 >= in_.size() || in_[at_ + 1] != '{' || close == std::string_view::npos)
      throw BadPattern{"\\p needs a category in braces"};
    const std::string_view name = in_.substr(at_ + 2, close - at_ - 2);
    const bool complemented = in_[at_] == 'P';
    std::string made = "\\" + std::string(in_.substr(at_, close + 1 - at_));
    at_ = close + 1;
    if (!name.starts_with("Is")) return made;
    for (const Block& block : blocks) {
      if (block.name == name && !complemented) return block.range;
    }
    throw BadPattern{"the block " + std::string(name) + " is not known"};
  }

  std::string read_escape_outside() {
    Class made;
    const std::optional<char32_t> sign = read_class_character(made.categories);
    if (sign) {
      std::string text;
      append_code_point(text, *sign);
      return text;
    }
    return "[" + made.categories + "]";
  }

  static Class subtract(const Class& from, const Class& what) {
    if (!from.categories.empty() || !what.categories.empty()) {
      throw BadPattern{"subtraction of classes is supported for plain characters and ranges only"};
    }
    const auto members = [](const Class& of) {
      const Ranges sorted = normalised(of.ranges);
      return of.negated ? complement(sorted) : sorted;
    };
    // a without b: the complement of (complement of a, joined with b).
    Ranges joined = complement(members(from));
    for (const auto& range : members(what)) joined.push_back(range);
    return Class{false, complement(normalised(std::move(joined))), {}};
  }

  std::string_view in_;
  bool dot_all_;
  std::size_t at_ = 0;
  std::string out_;
  int groups_ = 0;
  std::vector<int> open_;  ///< groups around, 0 for those that do not capture
  std::set<int> closed_;
  bool refers_back_ = false;
};

// The same pattern for RE2, which judges it: each back-reference is the empty text.
std::string without_references(std::string pattern) {
  for (std::size_t at = pattern.find("\\k{"); at != std::string::npos; at = pattern.find("\\k{", at))
    pattern.replace(at, pattern.find('}', at) + 1 - at, "(?:)");
  return pattern;
}

// Whether something like a{1,50} is in it.
bool counts(std::string_view pattern) {
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] == '{' && pattern[i + 1] >= '0' && pattern[i + 1] <= '9') return true;
  }
  return false;
}

}  // namespace

struct Regex::Compiled {
  Compiled(const std::string& pattern, const RE2::Options& options) : re(pattern, options) {}
  RE2 re;
  bool repeats_without_bound = false;
  bool may_be_wide = false;
  std::unique_ptr<Backtracker> backtracker;  ///< of a pattern that refers back; then `re` does not match
};

Regex::~Regex() = default;

Regex::Regex(std::string_view pattern, std::string_view flags) {
  std::string prefix;
  bool extended = false;
  bool literal = false;
  for (const char flag : flags) {
    if (flag == 's' || flag == 'm' || flag == 'i') {
      prefix += flag;
    } else if (flag == 'x') {
      extended = true;
    } else if (flag == 'q') {
      literal = true;
    } else {
      error_ = std::string("there is no flag ") + flag + "; flags are s, m, i, x and q";
      return;
    }
  }
  constexpr std::size_t pattern_bytes_max = 10'000;
  if (pattern.size() > pattern_bytes_max) {
    error_ = "the pattern is too long";
    return;
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  try {
    const std::string plain = extended ? without_blanks(pattern) : std::string(pattern);
    const bool dot_all = prefix.find('s') != std::string::npos;
    Translator translator(plain, dot_all);
    const std::string body = literal ? RE2::QuoteMeta(plain) : translator.translate();
    const bool refers_back = translator.refers_back();
    compiled_ = std::make_unique<Compiled>(
        (prefix.empty() ? "" : "(?" + prefix + ")") + (refers_back ? without_references(body) : body), options);
    // A star or plus within a class or escaped counts too: the worst is assumed.
    compiled_->repeats_without_bound =
        !literal && (body.find_first_of("*+") != std::string::npos || body.find(",}") != std::string::npos);
    constexpr std::size_t short_bytes = 200;
    compiled_->may_be_wide = !literal && (plain.size() > short_bytes || counts(plain));
    if (!compiled_->re.ok()) {
      error_ = compiled_->re.error();
    } else if (refers_back) {
      const bool ignore_case = prefix.find('i') != std::string::npos;
      const bool lines = prefix.find('m') != std::string::npos;
      compiled_->backtracker = std::make_unique<Backtracker>(body, Backtracker::Flags{ignore_case, dot_all, lines});
      error_ = compiled_->backtracker->error();
    }
  } catch (const BadPattern& bad) {
    error_ = bad.why;
  }
}

int Regex::groups() const {
  return compiled_->re.NumberOfCapturingGroups();
}

std::size_t Regex::size() const {
  constexpr std::size_t given_up_at = 50'000;
  if (compiled_ == nullptr) return 0;
  if (compiled_->re.error_code() == RE2::ErrorPatternTooLarge) return given_up_at;
  return compiled_->re.ok() ? static_cast<std::size_t>(compiled_->re.ProgramSize()) : 0;
}

std::size_t Regex::places() const {
  return compiled_->may_be_wide ? size() : 1;
}

std::size_t Regex::lookahead_max() const {
  return compiled_->repeats_without_bound ? std::string_view::npos : size();
}

bool Regex::find(std::string_view text, std::size_t from, bool want_groups, Match& match,
                 const std::function<void(std::uint64_t)>& steps) const {
  if (compiled_->backtracker != nullptr) {
    if (!compiled_->backtracker->find(text, from, match.groups, steps)) return false;
    match.begin = static_cast<std::size_t>(match.groups[0].data() - text.data());
    match.end = match.begin + match.groups[0].size();
    return true;
  }
  constexpr int groups_max = 20;
  const int count = want_groups ? std::min(groups(), groups_max) + 1 : 1;
  re2::StringPiece found[groups_max + 1];
  const re2::StringPiece piece(text.data(), text.size());
  if (!compiled_->re.Match(piece, from, text.size(), RE2::UNANCHORED, found, count)) return false;
  match.begin = static_cast<std::size_t>(found[0].data() - text.data());
  match.end = match.begin + found[0].size();
  match.groups.clear();
  for (int i = 0; i < count; ++i) match.groups.emplace_back(found[i].data(), found[i].size());
  return true;
}

}  // namespace fermata::feel
