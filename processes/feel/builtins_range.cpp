// Relations of points and ranges (DMN 1.5, table 80: Allen's algebra), and range().
#include <algorithm>

#include "processes/feel/builtins.h"
#include "processes/feel/parser.h"

namespace fermata::feel {
namespace {

// Each argument is a point or a range; a point is the range that holds only itself.
struct Span {
  Range range;
  bool is_point = false;
};

std::optional<Span> span_of(const Call& call, std::size_t index) {
  const Value& value = call.single(index);
  if (value.is_null()) {
    (void)call.wrong_type(index, "point or range");
    return std::nullopt;
  }
  if (const auto* range = unbox<Range>(value)) return Span{*range, false};
  return Span{Range{value, value, true, true, Range::Form::interval}, true};
}

// Compares two ends that are values; an open end lies beyond all values on its side.
std::optional<int> compare_ends(const Value& a, bool a_is_start, const Value& b, bool b_is_start) {
  if (a.is_null() || b.is_null()) {
    const int left = a.is_null() ? (a_is_start ? -1 : 1) : 0;
    const int right = b.is_null() ? (b_is_start ? -1 : 1) : 0;
    return left - right;
  }
  const auto ordering = order(a, b);
  if (!ordering) return std::nullopt;
  return *ordering < 0 ? -1 : *ordering > 0 ? 1 : 0;
}

struct Relation {
  Span a;
  Span b;
  int start_start;  // a's start against b's start, and so on: -1, 0, 1
  int start_end;
  int end_start;
  int end_end;

  [[nodiscard]] Relation turned() const { return {b, a, -start_start, -end_start, -start_end, -end_end}; }
};

using Test = bool (*)(const Relation& r);

std::optional<Relation> relation_of(const Call& call) {
  auto a = span_of(call, 0);
  auto b = span_of(call, 1);
  if (!a || !b) return std::nullopt;
  const auto ss = compare_ends(a->range.start, true, b->range.start, true);
  const auto se = compare_ends(a->range.start, true, b->range.end, false);
  const auto es = compare_ends(a->range.end, false, b->range.start, true);
  const auto ee = compare_ends(a->range.end, false, b->range.end, false);
  if (!ss || !se || !es || !ee) {
    (void)call.null_with("the two cannot be compared");
    return std::nullopt;
  }
  return Relation{*std::move(a), *std::move(b), *ss, *se, *es, *ee};
}

Value related(const Call& call, Test test, bool turned = false) {
  const auto relation = relation_of(call);
  if (!relation) return Value::null();
  return Value::boolean(test(turned ? relation->turned() : *relation));
}

bool is_before(const Relation& r) {
  return r.end_start < 0 || (r.end_start == 0 && (!r.a.range.end_included || !r.b.range.start_included));
}
bool does_meet(const Relation& r) {
  return r.end_start == 0 && r.a.range.end_included && r.b.range.start_included;
}
bool end_reaches_start(const Relation& r) {
  return r.end_start > 0 || does_meet(r);
}
bool does_overlap(const Relation& r) {
  return end_reaches_start(r) && end_reaches_start(r.turned());
}
bool starts_earlier(const Relation& r) {
  return r.start_start < 0 || (r.start_start == 0 && r.a.range.start_included && !r.b.range.start_included);
}
bool ends_no_later(const Relation& r) {
  return r.end_end < 0 || (r.end_end == 0 && (!r.a.range.end_included || r.b.range.end_included));
}
bool starts_no_earlier(const Relation& r) {
  return r.start_start > 0 || (r.start_start == 0 && (!r.a.range.start_included || r.b.range.start_included));
}
bool does_overlap_before(const Relation& r) {
  return starts_earlier(r) && end_reaches_start(r) && ends_no_later(r);
}
bool does_finish(const Relation& r) {
  return r.end_end == 0 && r.a.range.end_included == r.b.range.end_included && (r.a.is_point || starts_no_earlier(r));
}
bool does_start(const Relation& r) {
  return r.start_start == 0 && r.a.range.start_included == r.b.range.start_included &&
         (r.a.is_point || ends_no_later(r));
}
bool is_during(const Relation& r) {
  return starts_no_earlier(r) && ends_no_later(r);
}
bool does_coincide(const Relation& r) {
  return r.start_start == 0 && r.end_end == 0 && r.a.range.start_included == r.b.range.start_included &&
         r.a.range.end_included == r.b.range.end_included;
}

Value before(const Call& call) {
  return related(call, is_before);
}
Value after(const Call& call) {
  return related(call, is_before, true);
}
Value meets(const Call& call) {
  return related(call, does_meet);
}
Value met_by(const Call& call) {
  return related(call, does_meet, true);
}
Value overlaps(const Call& call) {
  return related(call, does_overlap);
}
Value overlaps_before(const Call& call) {
  return related(call, does_overlap_before);
}
Value overlaps_after(const Call& call) {
  return related(call, does_overlap_before, true);
}
Value finishes(const Call& call) {
  return related(call, does_finish);
}
Value finished_by(const Call& call) {
  return related(call, does_finish, true);
}
Value includes(const Call& call) {
  return related(call, is_during, true);
}
Value during(const Call& call) {
  return related(call, is_during);
}
Value starts(const Call& call) {
  return related(call, does_start);
}
Value started_by(const Call& call) {
  return related(call, does_start, true);
}
Value coincides(const Call& call) {
  return related(call, does_coincide);
}

// Whether a call stands within a call: date("...") is a literal, date(string(1)) is not.
bool has_nested_call(std::string_view text) {
  int open = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == '(' && ++open > 1) {
      return true;
    } else if (!quoted && text[i] == ')') {
      --open;
    }
  }
  return false;
}

// range("[1..5)"): the text is a range literal whose ends are constants.
Value range_from(const Call& call) {
  auto text = call.string(0);
  if (!text) return Value::null();
  constexpr std::size_t text_bytes_max = 1'000;
  text->remove_prefix(std::min(text->find_first_not_of(' '), text->size()));
  if (text->empty() || text->size() > text_bytes_max ||
      std::string_view("[](").find(text->front()) == std::string_view::npos) {
    return call.null_with("the text is not a range such as [1..5)");
  }
  if (has_nested_call(text->substr(1))) return call.null_with("the ends of the range must be literals");
  call.step(20 + text->size() / 2);
  try {
    CompileOptions options;
    options.limits.nesting_max = 4;
    Parser parser(*text, options);
    const NodePtr root = parser.parse_whole_expression();
    // No variables and no local slots: then the text cannot see anything of the expression around.
    if (!parser.take_variables().empty() || parser.frame_size() > 0)
      return call.null_with("the ends of the range must be constants");
    const Value made = root->evaluate(call.run);
    const auto* range = unbox<Range>(made);
    const auto ordering = range == nullptr ? std::nullopt : order(range->start, range->end);
    if (range == nullptr || range->form != Range::Form::interval || (range->start.is_null() && range->end.is_null())) {
      return call.null_with("the text is not a range such as [1..5)");
    }
    if (ordering && *ordering > 0) return call.null_with("the range runs backwards");
    return made;
  } catch (const ParseError& error) {
    return call.null_because([&] { return "range(): " + error.message; });
  }
}

}  // namespace

void add_range_builtins(BuiltinTable& table) {
  const auto add = [&table](std::string_view name, BuiltinCode code) {
    table.push_back({name,
                     {{{"range1", "range2"}, 2, code},
                      {{"point1", "point2"}, 2, code},
                      {{"point", "range"}, 2, code},
                      {{"range", "point"}, 2, code}}});
  };
  add("before", before);
  add("after", after);
  add("meets", meets);
  add("met by", met_by);
  add("overlaps", overlaps);
  add("overlaps before", overlaps_before);
  add("overlaps after", overlaps_after);
  add("finishes", finishes);
  add("finished by", finished_by);
  add("includes", includes);
  add("during", during);
  add("starts", starts);
  add("started by", started_by);
  add("coincides", coincides);
  table.push_back({"range", {{{"from"}, 1, range_from}}});
}

}  // namespace fermata::feel
