#include "processes/feel/backtracker.h"

#include <re2/re2.h>
#include <unicode/uchar.h>

#include <algorithm>

namespace fermata::feel {
namespace {

constexpr std::size_t instructions_max = 2'000;
constexpr std::size_t tries_max = 200'000;
constexpr std::size_t nesting_max = 50;
constexpr std::size_t nowhere = std::string_view::npos;

struct Refused {
  std::string why;
};

enum class Op : unsigned char { atom, split, jump, save, back, line_begin, line_end, progress };

// Jumps are relative, so that code can be copied. A split tries `a` first.
struct Instruction {
  Op op;
  int a = 0;
  int b = 0;
};
using Code = std::vector<Instruction>;

std::size_t code_point_length(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return std::min(length, text.size() - at);
}

UChar32 code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (text.size() == 1) return lead;
  UChar32 code = lead & (0xff >> (text.size() + 1));
  for (const char c : text.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3f);
  return code;
}

}  // namespace

struct Backtracker::Program {
  Code code;
  std::vector<std::unique_ptr<RE2>> atoms;  ///< each matches one character
  int groups = 0;
  int loops = 0;  ///< whose bodies may match nothing
  bool ignores_case = false;
  bool multi_line = false;
};

namespace {

class PatternCompiler {
 public:
  PatternCompiler(std::string_view pattern, std::string_view flags, std::vector<std::unique_ptr<RE2>>& atoms)
      : in_(pattern), prefix_(flags.empty() ? "" : "(?" + std::string(flags) + ")"), atoms_(atoms) {}

  Code compile() {
    Code code = alternatives();
    if (at_ < in_.size()) throw Refused{"a ) closes nothing"};
    return code;
  }
  [[nodiscard]] int groups() const { return groups_; }
  [[nodiscard]] int loops() const { return loops_; }

 private:
  static void append(Code& code, const Code& more) {
    if (code.size() + more.size() > instructions_max)
      throw Refused{"the pattern is too long for one with back-references"};
    code.insert(code.end(), more.begin(), more.end());
  }
  static int size(const Code& code) { return static_cast<int>(code.size()); }

  Code alternatives() {
    if (++depth_ > nesting_max) throw Refused{"groups are nested too deeply"};
    Code code = sequence();
    if (at_ < in_.size() && in_[at_] == '|') {
      ++at_;
      const Code rest = alternatives();
      Code both{{Op::split, 1, size(code) + 2}};
      append(both, code);
      both.push_back({Op::jump, size(rest) + 1});
      append(both, rest);
      code = std::move(both);
    }
    --depth_;
    return code;
  }

  Code sequence() {
    Code code;
    while (at_ < in_.size() && in_[at_] != '|' && in_[at_] != ')') append(code, repeated(atom()));
    return code;
  }

  Code atom() {
    const std::string_view rest = in_.substr(at_);
    constexpr std::string_view any = "(?s:.)";
    if (rest.starts_with(any)) return character(any.size());
    if (rest[0] == '(') return group();
    if (rest[0] == '^' || rest[0] == '$') return ++at_, Code{{rest[0] == '^' ? Op::line_begin : Op::line_end}};
    if (rest[0] == '[') {
      std::size_t end = rest.starts_with("[^]") || rest.starts_with("[]") ? 3 : 1;
      while (end < rest.size() && rest[end] != ']') end += rest[end] == '\\' ? 2 : 1;
      return character(end + 1);
    }
    if (rest[0] == '\\' && rest.size() > 1 && rest[1] >= '0' && rest[1] <= '9') return back_reference();
    if (rest[0] == '\\') return character(rest.find('}') + 1);  // \x{41}
    if (std::string_view("*+?{").find(rest[0]) != nowhere) throw Refused{"there is nothing to repeat"};
    if (rest[0] == '.') return character(1);
    const std::size_t length = code_point_length(rest, 0);
    const std::string quoted = RE2::QuoteMeta(re2::StringPiece(rest.data(), length));
    at_ += length;
    return matching(quoted);
  }

  Code character(std::size_t length) {
    if (length == 0 || length > in_.size() - at_) throw Refused{"the pattern is not complete"};
    const std::string part(in_.substr(at_, length));
    at_ += length;
    return matching(part);
  }

  Code matching(const std::string& part) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 18);
    if (atoms_.size() >= instructions_max) throw Refused{"the pattern is too long for one with back-references"};
    atoms_.push_back(std::make_unique<RE2>(prefix_ + part, options));
    if (!atoms_.back()->ok()) throw Refused{atoms_.back()->error()};
    return {{Op::atom, static_cast<int>(atoms_.size()) - 1}};
  }

  Code group() {
    const bool captures = !in_.substr(at_).starts_with("(?:");
    at_ += captures ? 1 : 3;
    const int number = captures ? ++groups_ : 0;
    Code inner = alternatives();
    if (at_ >= in_.size()) throw Refused{"a ( is not closed"};
    ++at_;
    if (!captures) return inner;
    closed_.push_back(number);
    Code code{{Op::save, 2 * number}};
    append(code, inner);
    code.push_back({Op::save, 2 * number + 1});
    return code;
  }

  // As many digits as name a group that is closed already.
  Code back_reference() {
    ++at_;
    int number = in_[at_++] - '0';
    const auto is_closed = [this](int group) { return std::ranges::find(closed_, group) != closed_.end(); };
    while (at_ < in_.size() && in_[at_] >= '0' && in_[at_] <= '9' && is_closed(number * 10 + (in_[at_] - '0')))
      number = number * 10 + (in_[at_++] - '0');
    if (!is_closed(number))
      throw Refused{"\\" + std::to_string(number) + " refers to no group that is closed before it"};
    return {{Op::back, number}};
  }

  Code repeated(Code body) {
    if (at_ >= in_.size() || std::string_view("*+?{").find(in_[at_]) == nowhere) return body;
    int least = in_[at_] == '+' ? 1 : 0;
    int most = in_[at_] == '?' ? 1 : -1;  // -1: no end
    if (in_[at_] == '{') {
      read_counts(least, most);
    } else {
      ++at_;
    }
    const bool lazy = at_ < in_.size() && in_[at_] == '?';
    if (lazy) ++at_;
    Code code;
    for (int i = 0; i < least; ++i) append(code, body);
    if (most < 0) {
      append(code, loop(body, lazy));
    } else {
      for (int i = least; i < most; ++i) append(code, optional((most - i) * (size(body) + 1), lazy, body));
    }
    return code;
  }

  // One more time, or past all that may follow.
  static Code optional(int to_end, bool lazy, const Code& body) {
    Code code{lazy ? Instruction{Op::split, to_end, 1} : Instruction{Op::split, 1, to_end}};
    append(code, body);
    return code;
  }

  // A body that matched nothing is not tried again at the same place.
  Code loop(const Code& body, bool lazy) {
    const int counter = loops_++;
    const int past = size(body) + 3;
    Code code{lazy ? Instruction{Op::split, past, 1} : Instruction{Op::split, 1, past}};
    code.push_back({Op::progress, counter});
    append(code, body);
    code.push_back({Op::jump, -(size(body) + 2)});
    return code;
  }

  void read_counts(int& least, int& most) {
    constexpr int repetitions_max = 1'000;
    ++at_;
    const auto number = [&] {
      int value = 0;
      const std::size_t begin = at_;
      for (; at_ < in_.size() && in_[at_] >= '0' && in_[at_] <= '9'; ++at_) {
        value = value * 10 + (in_[at_] - '0');
        if (value > repetitions_max) throw Refused{"a part is repeated too often"};
      }
      if (begin == at_) throw Refused{"a { that repeats nothing"};
      return value;
    };
    least = number();
    most = least;
    if (at_ < in_.size() && in_[at_] == ',') {
      ++at_;
      most = at_ < in_.size() && in_[at_] == '}' ? -1 : number();
    }
    if (at_ >= in_.size() || in_[at_] != '}' || (most >= 0 && most < least)) throw Refused{"a { that repeats nothing"};
    ++at_;
  }

  std::string_view in_;
  std::string prefix_;
  std::vector<std::unique_ptr<RE2>>& atoms_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  int groups_ = 0;
  int loops_ = 0;
  std::vector<int> closed_;
};

}  // namespace

Backtracker::~Backtracker() = default;

Backtracker::Backtracker(std::string_view pattern, std::string_view flags) : program_(std::make_unique<Program>()) {
  try {
    PatternCompiler compiler(pattern, flags, program_->atoms);
    program_->code = compiler.compile();
    program_->groups = compiler.groups();
    program_->loops = compiler.loops();
    program_->ignores_case = flags.find('i') != nowhere;
    program_->multi_line = flags.find('m') != nowhere;
  } catch (const Refused& refused) {
    error_ = refused.why;
  }
}

int Backtracker::groups() const {
  return program_->groups;
}

namespace {

// Where the text at `at` ends that repeats `captured`; nowhere when it does not.
std::size_t after_repetition(std::string_view text, std::size_t at, std::string_view captured, bool ignores_case) {
  if (!ignores_case) return text.substr(at).starts_with(captured) ? at + captured.size() : nowhere;
  while (!captured.empty()) {
    if (at >= text.size()) return nowhere;
    const std::size_t ours = code_point_length(text, at);
    const std::size_t theirs = code_point_length(captured, 0);
    if (u_foldCase(code_point(text.substr(at, ours)), U_FOLD_CASE_DEFAULT) !=
        u_foldCase(code_point(captured.substr(0, theirs)), U_FOLD_CASE_DEFAULT))
      return nowhere;
    at += ours;
    captured.remove_prefix(theirs);
  }
  return at;
}

}  // namespace

Backtracker::Outcome Backtracker::find(std::string_view text, std::size_t from, std::vector<std::size_t>& spans,
                                       std::size_t& tries) const {
  struct Choice {
    std::size_t pc;  ///< to go on from; or nowhere, and slot gets its value back
    std::size_t at;
    std::size_t slot;
  };
  const Code& code = program_->code;
  const std::size_t first_loop = 2 * static_cast<std::size_t>(program_->groups + 1);
  std::vector<std::size_t> slots;
  std::vector<Choice> choices;
  tries = 0;
  for (std::size_t start = from; start <= text.size();
       start += start < text.size() ? code_point_length(text, start) : 1) {
    slots.assign(first_loop + static_cast<std::size_t>(program_->loops), nowhere);
    choices.assign(1, {0, start, 0});
    while (!choices.empty()) {
      const Choice choice = choices.back();
      choices.pop_back();
      if (choice.pc == nowhere) {
        slots[choice.slot] = choice.at;
        continue;
      }
      std::size_t pc = choice.pc;
      std::size_t at = choice.at;
      bool matches = true;
      while (matches && pc < code.size()) {
        if (++tries > tries_max) return Outcome::gave_up;
        const Instruction& step = code[pc];
        const auto jump = [pc](int by) { return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(pc) + by); };
        const auto set = [&](std::size_t slot) {
          choices.push_back({nowhere, slots[slot], slot});
          slots[slot] = at;
        };
        std::size_t next = pc + 1;
        switch (step.op) {
          case Op::atom: {
            const std::size_t length = at < text.size() ? code_point_length(text, at) : 0;
            matches = length > 0 && RE2::FullMatch(re2::StringPiece(text.data() + at, length),
                                                   *program_->atoms[static_cast<std::size_t>(step.a)]);
            at += length;
            break;
          }
          case Op::split:
            choices.push_back({jump(step.b), at, 0});
            next = jump(step.a);
            break;
          case Op::jump:
            next = jump(step.a);
            break;
          case Op::save:
            set(static_cast<std::size_t>(step.a));
            break;
          case Op::progress: {
            const std::size_t slot = first_loop + static_cast<std::size_t>(step.a);
            matches = slots[slot] != at;
            set(slot);
            break;
          }
          case Op::back: {
            const std::size_t begin = slots[static_cast<std::size_t>(2 * step.a)];
            const std::size_t end = slots[static_cast<std::size_t>(2 * step.a + 1)];
            if (begin == nowhere || end == nowhere || end < begin) break;  // took no part: nothing is repeated
            tries += end - begin;
            at = after_repetition(text, at, text.substr(begin, end - begin), program_->ignores_case);
            matches = at != nowhere;
            break;
          }
          case Op::line_begin:
            matches = at == 0 || (program_->multi_line && text[at - 1] == '\n');
            break;
          case Op::line_end:
            matches = at == text.size() || (program_->multi_line && text[at] == '\n');
            break;
        }
        pc = next;
      }
      if (!matches) continue;
      spans.assign(slots.begin(), slots.begin() + static_cast<std::ptrdiff_t>(first_loop));
      spans[0] = start;
      spans[1] = at;
      return Outcome::found;
    }
  }
  return Outcome::none;
}

}  // namespace fermata::feel
