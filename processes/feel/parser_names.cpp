// Names, calls and types.
#include <algorithm>

#include "processes/feel/parser.h"

namespace fermata::feel {
namespace {

constexpr std::string_view reserved[] = {"and",       "or", "then",    "else",     "return",
                                         "satisfies", "in", "between", "instance", "external"};

bool is_reserved(std::string_view word) {
  return std::find(std::begin(reserved), std::end(reserved), word) != std::end(reserved);
}

// No built-in has a longer name.
constexpr std::size_t builtin_name_bytes_max = 32;

constexpr std::size_t type_name_bytes_max = 200;

}  // namespace

Slot Parser::new_slot() {
  constexpr std::size_t slots_max = 20'000;
  if (next_slot_ >= slots_max)
    throw ParseError{token_.begin, "the expression has too many variables", ErrorCode::resource_exhausted};
  const auto slot = static_cast<Slot>(next_slot_++);
  frame_max_ = std::max(frame_max_, next_slot_);
  return slot;
}

void Parser::bind(const std::string& name, Slot slot) {
  std::string canonical = canonical_name(name);
  longest_bound_ = std::max(longest_bound_, canonical.size());
  by_name_[canonical].push_back(bindings_.size());
  bindings_.push_back({std::move(canonical), slot, false});
}

void Parser::bind_item(Slot slot) {
  items_.push_back(bindings_.size());
  bindings_.push_back({{}, slot, true});
}

void Parser::unbind_to(std::size_t count) {
  for (; bindings_.size() > count; bindings_.pop_back()) {
    if (bindings_.back().is_item) {
      items_.pop_back();
      continue;
    }
    const auto places = by_name_.find(bindings_.back().canonical);
    places->second.pop_back();
    if (places->second.empty()) by_name_.erase(places);
  }
}

const std::string* Parser::find_known_name(const std::string& canonical) const {
  const std::string* found = known_names_.find(canonical);
  return found != nullptr || shared_ == nullptr ? found : shared_->names.find(canonical);
}

const std::string* Parser::find_known_member(const std::string& canonical) const {
  const std::string* found = known_members_.find(canonical);
  return found != nullptr || shared_ == nullptr || shared_->members == nullptr ? found
                                                                               : shared_->members->find(canonical);
}

std::size_t Parser::longest_known_name() const {
  return shared_ == nullptr ? known_names_.longest() : std::max(known_names_.longest(), shared_->names.longest());
}

std::size_t Parser::longest_known_member() const {
  const std::size_t own = known_members_.longest();
  return shared_ == nullptr || shared_->members == nullptr ? own : std::max(own, shared_->members->longest());
}

void Parser::note_variable(const std::string& name) {
  if (seen_variables_.insert(name).second) variables_.push_back(name);
  for (OpenFunction& function : functions_) function.globals.insert(name);
}

void Parser::remark_unknown(std::uint32_t at, const std::string& name) {
  if (remarks_ == nullptr || name == "?") return;
  auto& names = remarks_->unknown_names;
  if (names.size() >= Remarks::each_max || find_known_name(canonical_name(name)) != nullptr ||
      find_builtin(name) != nullptr)
    return;
  if (std::ranges::find(names, name, &Remarks::Name::name) == names.end()) names.push_back({at, name});
}

// The longest name that is known here wins; a built-in of several words only if it is called. Without any, it is the
// one word.
NodePtr Parser::parse_name() {
  const std::uint32_t at = here();
  if (token_.kind == TokenKind::quoted_name) {
    const std::string name(token_.text);
    advance();
    return name_node(at, name);
  }
  std::size_t longest = std::max({longest_known_name(), builtin_name_bytes_max, longest_bound_});
  const bool members_too = in_filter();
  if (members_too) longest = std::max(longest, longest_known_member());

  std::string name(token_.text);
  std::size_t end = token_.end;
  const Builtin* called = nullptr;
  const Builtin* mentioned = nullptr;
  std::size_t mentioned_end = 0;
  bool known = false;
  NameReader reader(scanner_, text_, token_.begin);
  while (reader.canonical().size() <= longest && reader.next()) {
    const std::string& canonical = reader.canonical();
    const bool bound = is_bound(canonical);
    const std::string* global = find_known_name(canonical);
    if (global == nullptr && members_too) global = find_known_member(canonical);
    if (bound || global != nullptr) {
      known = true;
      called = nullptr;
      name = bound ? canonical : *global;
      end = reader.end();
    } else if (const Builtin* builtin = find_builtin(canonical)) {
      if (scanner_.scan(reader.end()).is("(")) {
        called = builtin;
        end = reader.end();
      }
      mentioned = builtin;
      mentioned_end = reader.end();
    }
  }
  if (called == nullptr && !known && mentioned != nullptr) {
    name = mentioned->name;
    end = mentioned_end;
  }
  if (called == nullptr && !known && is_reserved(token_.text)) fail_here("expected a value, found " + found());
  move_to(end);
  if (called != nullptr) return parse_builtin_call(at, *called);
  return name_node(at, name);
}

NodePtr Parser::name_node(std::uint32_t at, const std::string& name) {
  // Filters within the variable's own scope come first: their items' members hide it.
  std::vector<Slot> items;
  NodePtr outside;
  const auto places = by_name_.find(canonical_name(name));
  const std::size_t place = places == by_name_.end() ? 0 : places->second.back();
  for (auto item = items_.rbegin(); item != items_.rend() && (places == by_name_.end() || *item > place); ++item) {
    items.push_back(bindings_[*item].slot);
  }
  if (places != by_name_.end()) {
    const Slot slot = bindings_[place].slot;
    outside = make<Local>(at, slot);
    for (const Partial& partial : partials_) *partial.used = *partial.used || partial.slot == slot;
  }
  if (outside == nullptr) {
    note_variable(name);
    outside = make<Global>(at, name);
  }
  if (items.empty()) {
    if (places == by_name_.end()) remark_unknown(at, name);
    return outside;
  }
  return make<FilterName>(at, name, std::move(items), std::move(outside));
}

NodePtr Parser::parse_call(NodePtr function) {
  const std::uint32_t at = here();
  std::vector<std::string> names;
  std::vector<NodePtr> arguments;
  parse_arguments(names, arguments);
  return make<DynamicCall>(at, std::move(function), std::move(names), std::move(arguments));
}

NodePtr Parser::parse_builtin_call(std::uint32_t at, const Builtin& builtin) {
  std::vector<std::string> names;
  std::vector<NodePtr> arguments;
  parse_arguments(names, arguments);
  if (names.empty()) {
    const Form* form = form_for(builtin, arguments.size());
    if (form == nullptr) {
      return make<RefusedCall>(at, std::string(builtin.name) + "() cannot be called with " +
                                       std::to_string(arguments.size()) + " arguments");
    }
    return make<BuiltinCall>(at, builtin, *form, std::move(arguments));
  }
  std::vector<std::size_t> order;
  const Form* form = form_for(builtin, names, order);
  if (form == nullptr) return make<RefusedCall>(at, std::string(builtin.name) + "() has no parameters of these names");
  std::vector<NodePtr> ordered(*std::max_element(order.begin(), order.end()) + 1);
  for (std::size_t i = 0; i < order.size(); ++i) ordered[order[i]] = std::move(arguments[i]);
  for (NodePtr& argument : ordered) {
    if (argument == nullptr) argument = make<Constant>(at, Value::null());
  }
  return make<BuiltinCall>(at, builtin, *form, std::move(ordered));
}

// Arguments are all positional, or all "name: value".
void Parser::parse_arguments(std::vector<std::string>& names, std::vector<NodePtr>& arguments) {
  const Nesting nesting(*this);
  expect("(", "before the arguments");
  if (accept(")")) return;
  do {
    if (token_.kind == TokenKind::word) {
      NameReader reader(scanner_, text_, token_.begin);
      constexpr std::size_t name_bytes_max = 200;
      while (reader.canonical().size() < name_bytes_max && reader.next()) {
      }
      const Token colon = scanner_.scan(reader.end());
      if (colon.is(":")) {
        if (names.size() != arguments.size()) fail_here("either all arguments have names or none");
        names.push_back(reader.spelled());
        move_to(colon.end);
      }
    }
    arguments.push_back(parse_expression());
    if (!names.empty() && names.size() != arguments.size()) fail_here("either all arguments have names or none");
  } while (accept(","));
  expect(")", "after the arguments");
}

// A name that the text introduces: as far as name characters go, or to the word (or sign) that must follow it.
std::string Parser::parse_new_name(const char* what, std::string_view closing_word) {
  if (token_.kind == TokenKind::quoted_name) {
    std::string name(token_.text);
    advance();
    return name;
  }
  if (token_.kind != TokenKind::word) fail_here("expected the name of " + std::string(what) + ", found " + found());
  NameReader reader(scanner_, text_, token_.begin);
  constexpr std::size_t name_bytes_max = 1'000;
  do {
    if (reader.canonical().size() > name_bytes_max) fail_here("the name is too long");
    if (!reader.next()) break;
  } while (closing_word.empty() || reader.peek() != closing_word);
  move_to(reader.end());
  return reader.spelled();
}

Type Parser::parse_type() {
  const Nesting nesting(*this);
  if (token_.kind != TokenKind::word) fail_here("expected a type, found " + found());
  Type type;
  bool known = false;
  std::size_t end = token_.end;
  NameReader reader(scanner_, text_, token_.begin);
  while (reader.canonical().size() <= builtin_name_bytes_max && reader.next()) {
    if (!simple_type(reader.canonical(), type)) continue;
    known = true;
    end = reader.end();
  }
  std::string defined;
  NameReader own_names(scanner_, text_, token_.begin);
  while (!options_.types.empty() && own_names.canonical().size() <= type_name_bytes_max && own_names.next()) {
    const auto match =
        std::find_if(options_.types.begin(), options_.types.end(),
                     [&](const TypeDefinition& definition) { return definition.name == own_names.spelled(); });
    if (match == options_.types.end() || (known && own_names.end() < end)) continue;
    defined = match->name;
    end = own_names.end();
  }
  if (!known && defined.empty()) fail_here("there is no type " + found());
  move_to(end);
  if (!defined.empty()) return parse_defined_type(defined);
  if (!token_.is("<")) return type;
  if (type.kind != Type::Kind::list && type.kind != Type::Kind::range && type.kind != Type::Kind::context &&
      type.kind != Type::Kind::function) {
    return type;
  }
  advance();
  if (!accept(">")) {
    do {
      if (type.kind == Type::Kind::context) {
        type.members.push_back(parse_new_name("a member", ":"));
        expect(":", "after the member's name");
      }
      type.arguments.push_back(parse_type());
    } while (accept(","));
    // ">" may be the first half of ">=" only by accident of spacing; types are never compared.
    expect(">", "to close the type");
  }
  if (type.kind == Type::Kind::function) {
    expect("->", "before the type of the result");
    type.arguments.push_back(parse_type());
  }
  return type;
}

// A definition may use others; the nesting of all together is bounded, so one that contains itself ends in an error.
Type Parser::parse_defined_type(const std::string& name) {
  const auto definition = std::find_if(options_.types.begin(), options_.types.end(),
                                       [&name](const TypeDefinition& each) { return each.name == name; });
  const Nesting nesting(*this);
  Parser inner(definition->definition, options_);
  inner.nesting_ = nesting_;
  try {
    return inner.parse_whole_type();
  } catch (const ParseError& error) {
    fail_here("the type " + name + " cannot be used: " + error.message);
  }
}

Type Parser::parse_whole_type() {
  Type type = parse_type();
  if (token_.kind != TokenKind::end) fail_here("expected the end of the type, found " + found());
  return type;
}

}  // namespace fermata::feel
