// Strings and regular expressions: matches, replace, split, extract.
#include <algorithm>

#include "processes/feel/builtins.h"
#include "processes/feel/regex.h"

namespace fermata::feel {

// The patterns of one run, so that a filter over a long list compiles its pattern once.
struct PatternCache {
  static constexpr std::size_t size_max = 8;
  struct Entry {
    std::string pattern;
    std::string flags;
    std::shared_ptr<const Regex> regex;
  };
  std::vector<Entry> entries;
  std::size_t oldest = 0;
};

namespace {

// Steps for reading so many bytes of text.
std::uint64_t steps_of(const Regex& regex, std::size_t bytes) {
  constexpr std::size_t bytes_per_step = 32;
  return bytes * regex.places() / bytes_per_step;
}

// The text of a call and the pattern of its second argument with the flags of `flags_index`; empty when a warning said
// why not.
struct Search {
  std::string_view text;
  std::shared_ptr<const Regex> regex;
};

std::shared_ptr<const Regex> compiled_pattern(const Call& call, std::string_view pattern, std::string_view flags) {
  if (call.run.patterns == nullptr) call.run.patterns = std::make_shared<PatternCache>();
  PatternCache& cache = *call.run.patterns;
  for (const PatternCache::Entry& known : cache.entries) {
    if (known.pattern == pattern && known.flags == flags) return known.regex;
  }
  // Measured: RE2 takes some 10 microseconds for anything, a microsecond for a byte, and 100 for a category, which has
  // hundreds of ranges.
  const auto escapes = static_cast<std::uint64_t>(std::count(pattern.begin(), pattern.end(), '\\'));
  call.step(1'000 + 25 * pattern.size() + 5'000 * escapes);
  auto regex = std::make_shared<const Regex>(pattern, flags);
  call.step(25 * regex->size());
  call.charge(16 * regex->size());
  PatternCache::Entry entry{std::string(pattern), std::string(flags), regex};
  if (cache.entries.size() < PatternCache::size_max) {
    cache.entries.push_back(std::move(entry));
  } else {
    cache.entries[cache.oldest++ % PatternCache::size_max] = std::move(entry);
  }
  return regex;
}

std::optional<Search> search_of(const Call& call, std::size_t flags_index) {
  const auto text = call.string(0);
  const auto pattern = call.string(1);
  if (!text || !pattern) return std::nullopt;
  const Value& flags = call.single(flags_index);
  if (!flags.is_null() && !flags.is_string()) {
    (void)call.wrong_type(flags_index, "string");
    return std::nullopt;
  }
  const auto regex =
      compiled_pattern(call, *pattern, flags.is_string() ? flags.as_string().substr(0, 100) : std::string_view());
  if (!regex->error().empty()) {
    (void)call.null_because(
        [&] { return std::string(call.builtin.name) + "(): the pattern cannot be used: " + regex->error(); });
    return std::nullopt;
  }
  call.step(3 + steps_of(*regex, text->size()));
  return Search{*text, regex};
}

// The next code point after `at`: where the search goes on after an empty match.
std::size_t next_code_point(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  return at;
}

bool find(const Call& call, const Search& search, std::size_t from, bool want_groups, Match& match) {
  return search.regex->find(search.text, from, want_groups, match, [&call](std::uint64_t count) { call.step(count); });
}

// Calls visit(match) for all matches from left to right.
template <class Visit>
void for_each_match(const Call& call, const Search& search, bool want_groups, Visit&& visit) {
  Match match;
  std::size_t from = 0;
  while (from <= search.text.size() && find(call, search, from, want_groups, match)) {
    // Before it settles for a match, the automaton may have read on for a longer one.
    const std::size_t ahead = std::min(search.text.size() - match.end, search.regex->lookahead_max());
    const std::uint64_t steps = steps_of(*search.regex, match.end - from + ahead);
    call.step(3 + steps + steps / 2);  // many short searches are dearer than one long one
    visit(match);
    from = match.end > match.begin ? match.end : next_code_point(search.text, match.end);
  }
}

Value matches(const Call& call) {
  const auto search = search_of(call, 2);
  if (!search) return Value::null();
  Match match;
  return Value::boolean(find(call, *search, 0, false, match));
}

// XPath's replacement text: $0 to $9 are groups, \$ and \\ are themselves.
std::optional<std::string> expanded(const Call& call, std::string_view replacement, const Match& match) {
  std::string made;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
    if (c == '\\') {
      if (next != '$' && next != '\\') return std::nullopt;
      made += next;
      ++i;
    } else if (c == '$') {
      if (next < '0' || next > '9') return std::nullopt;
      // As many digits as name a group that exists.
      std::size_t group = static_cast<std::size_t>(next - '0');
      ++i;
      while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
        const std::size_t longer = group * 10 + static_cast<std::size_t>(replacement[i + 1] - '0');
        if (longer >= match.groups.size()) break;
        group = longer;
        ++i;
      }
      if (group < match.groups.size()) made.append(match.groups[group]);
    } else {
      made += c;
    }
  }
  call.charge(made.size());
  return made;
}

Value replace(const Call& call) {
  const auto search = search_of(call, 3);
  const auto replacement = call.string(2);
  if (!search || !replacement) return Value::null();
  std::string made;
  std::size_t copied = 0;
  bool bad = false;
  for_each_match(call, *search, replacement->find('$') != std::string_view::npos, [&](const Match& match) {
    const auto text = expanded(call, *replacement, match);
    bad = bad || !text;
    if (bad) return;
    call.charge(match.begin - copied + text->size());
    made.append(search->text.substr(copied, match.begin - copied)).append(*text);
    copied = match.end;
  });
  if (bad) return call.null_with("the replacement holds a $ or a backslash that means nothing; write \\$ or \\\\");
  made.append(search->text.substr(copied));
  return call.made_string(std::move(made));
}

Value split(const Call& call) {
  const auto search = search_of(call, 2);
  if (!search) return Value::null();
  Value::List made;
  std::size_t begin = 0;
  for_each_match(call, *search, false, [&](const Match& match) {
    if (match.end == match.begin) return;
    made.push_back(call.made_string(std::string(search->text.substr(begin, match.begin - begin))));
    begin = match.end;
  });
  made.push_back(call.made_string(std::string(search->text.substr(begin))));
  return call.made_list(std::move(made));
}

Value extract(const Call& call) {
  const auto search = search_of(call, 2);
  if (!search) return Value::null();
  Value::List made;
  for_each_match(call, *search, false, [&](const Match& match) {
    made.push_back(call.made_string(std::string(search->text.substr(match.begin, match.end - match.begin))));
  });
  return call.made_list(std::move(made));
}

}  // namespace

void add_regex_builtins(BuiltinTable& table) {
  table.push_back({"matches", {{{"input", "pattern", "flags"}, 2, matches}}});
  table.push_back({"replace", {{{"input", "pattern", "replacement", "flags"}, 3, replace}}});
  table.push_back({"split", {{{"string", "delimiter"}, 2, split}}});
  table.push_back({"extract", {{{"string", "pattern"}, 2, extract}}});
}

}  // namespace fermata::feel
