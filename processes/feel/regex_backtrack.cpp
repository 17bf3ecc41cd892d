#include "processes/feel/regex_backtrack.h"

#include <re2/re2.h>
#include <unicode/uchar.h>

#include <bitset>
#include <optional>
#include <unordered_map>
#include <utility>

namespace fermata::feel {
namespace {

constexpr std::size_t instructions_max = 20'000;
constexpr std::size_t sets_max = 500;  ///< different characters and classes; each costs RE2 some microseconds
constexpr std::size_t nowhere = std::string_view::npos;

enum class Op : std::uint8_t { one_of, split, jump, save, refer, line_start, line_end, mark, moved, match };

struct Instruction {
  Op op;
  std::uint32_t a = 0;  ///< one_of: the set; split: tried first; jump: target; save, mark, moved: slot; refer: group
  std::uint32_t b = 0;  ///< split: tried second
};

struct TooLarge {};

// What matches one character: bits for ASCII, RE2 for the rest.
struct OneOf {
  OneOf(const std::string& pattern, const RE2::Options& options) : rest(pattern, options) {
    for (std::size_t i = 0; i < ascii.size(); ++i) {
      const char c = static_cast<char>(i);
      ascii[i] = RE2::FullMatch({&c, 1}, rest);
    }
  }
  [[nodiscard]] bool holds(std::string_view character) const {
    const auto first = static_cast<unsigned char>(character[0]);
    return first < 0x80 ? ascii[first] : RE2::FullMatch({character.data(), character.size()}, rest);
  }
  std::bitset<128> ascii;
  RE2 rest;
};

std::size_t character_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

char32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead;
  char32_t code = lead & (0xff >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i)
    code = code << 6 | (static_cast<unsigned char>(character[i]) & 0x3f);
  return code;
}

char32_t folded(char32_t code) {
  return static_cast<char32_t>(u_foldCase(static_cast<UChar32>(code), U_FOLD_CASE_DEFAULT));
}

// One part of a pattern.
struct Part {
  enum class Kind : std::uint8_t { one_of, refer, line_start, line_end, group, sequence, choice, repeat };
  Kind kind = Kind::sequence;
  std::uint32_t number = 0;  ///< one_of: the set; group, refer: the group, 0 of one that does not capture
  std::uint32_t low = 0;
  std::optional<std::uint32_t> high;
  bool lazy = false;
  std::vector<Part> parts;
};

using Sets = std::vector<std::unique_ptr<OneOf>>;

// Text to parts. RE2 has accepted the pattern: brackets are closed, operators stand where they may, and the nesting is
// bounded.
class Reader {
 public:
  Reader(std::string_view pattern, Backtracker::Flags flags, Sets& sets) : in_(pattern), flags_(flags), sets_(sets) {}

  Part read_choice() {
    Part choice;
    choice.kind = Part::Kind::choice;
    choice.parts.push_back(read_sequence());
    while (accept("|")) choice.parts.push_back(read_sequence());
    return choice.parts.size() == 1 ? std::move(choice.parts[0]) : std::move(choice);
  }
  [[nodiscard]] std::uint32_t groups() const { return next_group_; }

 private:
  [[nodiscard]] bool at(std::string_view wanted) const { return in_.substr(at_, wanted.size()) == wanted; }
  bool accept(std::string_view wanted) {
    if (!at(wanted)) return false;
    at_ += wanted.size();
    return true;
  }

  Part read_sequence() {
    Part sequence;
    while (at_ < in_.size() && !at("|") && !at(")")) {
      Part part = read_one();
      while (read_repeat(part)) {
      }
      sequence.parts.push_back(std::move(part));
    }
    return sequence;
  }

  Part read_one() {
    Part part;
    if (at("(?s:.)")) return one_of(at_ + 6);
    if (accept("(?:")) {
      part = read_choice();
      accept(")");
    } else if (accept("(")) {
      part.kind = Part::Kind::group;
      part.number = next_group_++;
      part.parts.push_back(read_choice());
      accept(")");
    } else if (accept("^")) {
      part.kind = Part::Kind::line_start;
    } else if (accept("$")) {
      part.kind = Part::Kind::line_end;
    } else if (accept("\\k{")) {
      part.kind = Part::Kind::refer;
      part.number = read_number();
      accept("}");
    } else {
      return one_of(at("[")    ? in_.find(']', at_) + 1
                    : at("\\") ? in_.find('}', at_) + 1
                               : at_ + character_size(in_[at_]));
    }
    return part;
  }

  Part one_of(std::size_t end) {
    Part part;
    part.kind = Part::Kind::one_of;
    std::string text(in_.substr(at_, end - at_));
    at_ = end;
    const auto [known, is_new] = known_sets_.try_emplace(text, static_cast<std::uint32_t>(sets_.size()));
    part.number = known->second;
    if (!is_new) return part;
    if (sets_.size() >= sets_max) throw TooLarge{};
    RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(!flags_.ignore_case);
    options.set_dot_nl(flags_.dot_all);
    sets_.push_back(std::make_unique<OneOf>(text, options));
    return part;
  }

  std::uint32_t read_number() {
    std::uint32_t value = 0;
    while (at_ < in_.size() && in_[at_] >= '0' && in_[at_] <= '9' && value < instructions_max)
      value = value * 10 + static_cast<std::uint32_t>(in_[at_++] - '0');
    return value;
  }

  // Wraps the part if *, +, ?, {n}, {n,} or {n,m} follows.
  bool read_repeat(Part& part) {
    Part repeat;
    repeat.kind = Part::Kind::repeat;
    if (accept("+")) {
      repeat.low = 1;
    } else if (accept("?")) {
      repeat.high = 1;
    } else if (!accept("*") && !read_counts(repeat)) {
      return false;
    }
    repeat.lazy = accept("?");
    repeat.parts.push_back(std::move(part));
    part = std::move(repeat);
    return true;
  }

  bool read_counts(Part& repeat) {
    const std::size_t before = at_;
    if (!accept("{")) return false;
    const std::size_t digits = at_;
    repeat.low = read_number();
    bool good = at_ > digits;
    repeat.high = repeat.low;
    if (good && accept(",")) {
      const std::size_t more = at_;
      repeat.high = read_number();
      if (at_ == more) repeat.high.reset();
    }
    good = good && accept("}");
    if (!good) at_ = before;  // a brace that counts nothing is itself
    return good;
  }

  std::string_view in_;
  Backtracker::Flags flags_;
  Sets& sets_;
  std::size_t at_ = 0;
  std::uint32_t next_group_ = 1;
  std::unordered_map<std::string, std::uint32_t> known_sets_;
};

// Parts to instructions.
class Writer {
 public:
  explicit Writer(std::uint32_t groups) : next_slot_(2 * groups) {}

  void write(const Part& part) {
    switch (part.kind) {
      case Part::Kind::one_of:
        emit(Op::one_of, part.number);
        return;
      case Part::Kind::refer:
        emit(Op::refer, part.number);
        return;
      case Part::Kind::line_start:
        emit(Op::line_start);
        return;
      case Part::Kind::line_end:
        emit(Op::line_end);
        return;
      case Part::Kind::group:
        emit(Op::save, 2 * part.number);
        write(part.parts[0]);
        emit(Op::save, 2 * part.number + 1);
        return;
      case Part::Kind::sequence:
        for (const Part& each : part.parts) write(each);
        return;
      case Part::Kind::choice:
        write_choice(part);
        return;
      case Part::Kind::repeat:
        write_repeat(part);
        return;
    }
  }
  std::uint32_t emit(Op op, std::uint32_t a = 0) {
    if (code.size() >= instructions_max) throw TooLarge{};
    code.push_back({op, a, 0});
    return here() - 1;
  }
  [[nodiscard]] std::uint32_t slots() const { return next_slot_; }

  std::vector<Instruction> code;

 private:
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(code.size()); }

  void write_choice(const Part& part) {
    std::vector<std::uint32_t> jumps;
    for (std::size_t i = 0; i + 1 < part.parts.size(); ++i) {
      const std::uint32_t split = emit(Op::split, here() + 1);
      write(part.parts[i]);
      jumps.push_back(emit(Op::jump));
      code[split].b = here();
    }
    write(part.parts.back());
    for (const std::uint32_t jump : jumps) code[jump].a = here();
  }

  void write_repeat(const Part& part) {
    const Part& body = part.parts[0];
    for (std::uint32_t i = 0; i < part.low; ++i) write(body);
    std::vector<std::uint32_t> splits;
    if (!part.high) {
      // A round that moved nowhere ends the loop, or "(a*)*" would go round for ever.
      const std::uint32_t slot = next_slot_++;
      splits.push_back(emit(Op::split));
      emit(Op::mark, slot);
      write(body);
      emit(Op::moved, slot);
      emit(Op::jump, splits[0]);
    } else {
      for (std::uint32_t i = part.low; i < *part.high; ++i) {
        splits.push_back(emit(Op::split));
        write(body);
      }
    }
    for (const std::uint32_t split : splits) {
      code[split].a = part.lazy ? here() : split + 1;
      code[split].b = part.lazy ? split + 1 : here();
    }
  }

  std::uint32_t next_slot_;
};

}  // namespace

struct Backtracker::Program {
  Flags flags;
  Sets sets;
  std::vector<Instruction> code;
  std::uint32_t slots = 0;  ///< two for each group, then one for each loop
  std::uint32_t groups = 0;
};

namespace {

// A place to come back to: another way to go on, or a slot to put back.
struct State {
  std::uint32_t instruction;  ///< restores a slot when it is `restores`
  std::uint32_t slot;
  std::size_t position;
};
constexpr std::uint32_t restores = UINT32_MAX;

// Where the text that a group matched ends when it is repeated at `at`; nowhere when it is not. A group that did not
// take part matches the empty text (XPath and XQuery Functions and Operators 3.1, 5.6.1).
std::size_t after_repetition(std::string_view text, std::size_t at, std::size_t begin, std::size_t end,
                             bool ignore_case, std::uint64_t& steps) {
  if (begin == nowhere || end == nowhere || end <= begin) return at;
  const std::string_view wanted = text.substr(begin, end - begin);
  steps += wanted.size() / 16;
  if (!ignore_case) return text.substr(at, wanted.size()) == wanted ? at + wanted.size() : nowhere;
  for (std::size_t i = 0; i < wanted.size();) {
    if (at >= text.size()) return nowhere;
    const std::string_view left = wanted.substr(i, character_size(wanted[i]));
    const std::string_view right = text.substr(at, character_size(text[at]));
    ++steps;
    if (left != right && folded(code_point(left)) != folded(code_point(right))) return nowhere;
    i += left.size();
    at += right.size();
  }
  return at;
}

}  // namespace

Backtracker::~Backtracker() = default;

Backtracker::Backtracker(std::string_view pattern, Flags flags) : program_(std::make_unique<Program>()) {
  program_->flags = flags;
  try {
    Reader reader(pattern, flags, program_->sets);
    const Part whole = reader.read_choice();
    program_->groups = reader.groups();
    Writer writer(program_->groups);
    writer.emit(Op::save, 0);
    writer.write(whole);
    writer.emit(Op::save, 1);
    writer.emit(Op::match);
    program_->slots = writer.slots();
    program_->code = std::move(writer.code);
  } catch (const TooLarge&) {
    error_ = "with a back-reference it repeats too much";
  }
}

bool Backtracker::find(std::string_view text, std::size_t from, std::vector<std::string_view>& groups,
                       const Steps& steps) const {
  const Program& program = *program_;
  constexpr std::uint64_t report_every = 1'024;
  std::uint64_t taken = 0;
  std::vector<std::size_t> slots;
  std::vector<State> states;
  for (std::size_t start = from; start <= text.size(); start += start < text.size() ? character_size(text[start]) : 1) {
    slots.assign(program.slots, nowhere);
    taken += 1 + program.slots / 8;
    std::uint32_t next = 0;
    std::size_t at = start;
    while (true) {
      if (++taken >= report_every) steps(std::exchange(taken, 0));
      if (states.size() >= states_max) {
        steps(UINT32_MAX);
        return false;
      }
      const Instruction& now = program.code[next++];
      bool failed = false;
      switch (now.op) {
        case Op::one_of:
          failed = at >= text.size() || !program.sets[now.a]->holds(text.substr(at, character_size(text[at])));
          if (!failed) at += character_size(text[at]);
          break;
        case Op::split:
          states.push_back({now.b, 0, at});
          next = now.a;
          break;
        case Op::jump:
          next = now.a;
          break;
        case Op::save:
        case Op::mark:
          states.push_back({restores, now.a, slots[now.a]});
          slots[now.a] = at;
          break;
        case Op::moved:
          failed = slots[now.a] == at;
          break;
        case Op::refer: {
          const std::size_t after =
              after_repetition(text, at, slots[2 * now.a], slots[2 * now.a + 1], program.flags.ignore_case, taken);
          failed = after == nowhere;
          if (!failed) at = after;
          break;
        }
        case Op::line_start:
          failed = at != 0 && !(program.flags.lines && text[at - 1] == '\n');
          break;
        case Op::line_end:
          failed = at != text.size() && !(program.flags.lines && text[at] == '\n');
          break;
        case Op::match:
          groups.clear();
          for (std::uint32_t i = 0; i < program.groups; ++i) {
            const bool took_part = slots[2 * i] != nowhere && slots[2 * i + 1] != nowhere;
            groups.push_back(took_part ? text.substr(slots[2 * i], slots[2 * i + 1] - slots[2 * i])
                                       : std::string_view());
          }
          steps(taken);
          return true;
      }
      if (!failed) continue;
      while (!states.empty() && states.back().instruction == restores) {
        slots[states.back().slot] = states.back().position;
        states.pop_back();
        ++taken;
      }
      if (states.empty()) break;
      next = states.back().instruction;
      at = states.back().position;
      states.pop_back();
    }
  }
  steps(taken);
  return false;
}

}  // namespace fermata::feel
