#include "processes/dmn/lint/column_source.h"

#include <algorithm>

#include "processes/feel/builtins.h"
#include "processes/feel/names.h"

namespace fermata::dmn::lint {
namespace {

using Kind = feel::Type::Kind;
using Names = std::vector<std::string>;

std::string text_in(const XmlElement* holder) {
  const XmlElement* text = holder == nullptr ? nullptr : child(*holder, "text");
  return text == nullptr ? std::string() : std::string(text->trimmed_text());
}

// Throws ParseError for what has no tokens.
Names names_in(std::string_view text) {
  Names names;
  bool begins = true;
  const feel::Scanner scanner(text);
  for (feel::Token token = scanner.scan(0); token.kind != feel::TokenKind::end; token = scanner.scan(token.end)) {
    if (token.is(".") && !begins) {
      begins = true;
    } else if (token.kind == feel::TokenKind::word || token.kind == feel::TokenKind::quoted_name) {
      if (begins) {
        names.emplace_back(token.text);
      } else {
        names.back() += " " + std::string(token.text);
      }
      begins = false;
    } else {
      return {};
    }
  }
  return begins ? Names{} : names;
}

// "applicant.monthly income" as its names; empty when the text is anything else.
Names path_of(std::string_view text, const Variables& variables) {
  if (variables.find(text) != nullptr) return {feel::canonical_name(text)};
  try {
    return names_in(text);
  } catch (const feel::ParseError&) {  // whoever compiles the text says what is wrong with it
    return {};
  }
}

// What a name that is no variable of the element may be: an input that the model declares nowhere.
bool may_be_given(const ReadContext& context, const std::string& name) {
  return name.find(' ') == std::string::npos && !context.model.variables.contains(name) && name != "true" &&
         name != "false" && name != "null" && feel::find_builtin(name) == nullptr;
}

const ItemType* with_components(const ItemType* type) {
  while (type != nullptr && type->components.empty() && type->base != nullptr && !type->collection)
    type = type->base.get();
  return type;
}

bool has_own_constraints(const ItemType* type) {
  for (; type != nullptr; type = type->base.get()) {
    if (type->allowed_values != nullptr || type->type_constraint != nullptr) return true;
  }
  return false;
}

class SourceReader {
 public:
  SourceReader(const ReadContext& context, const Variables& variables, ColumnSource& source)
      : context_(context), variables_(variables), source_(source) {}

  Names read(const XmlElement& input, const TableParts::Input& part) {
    source_.text = text_in(child(input, "inputExpression"));
    source_.input_values = part.allowed_values.get();
    source_.input_values_text = text_in(child(input, "inputValues"));
    Names path = path_of(source_.text, variables_);
    const bool is_free = follow(path);
    source_.independent = add_type(part.type.get()) && is_free;
    return path;
  }

 private:
  // The type of what the path leads to. False when not every value of that type can come on this way.
  bool follow(const Names& path) {
    if (path.empty() || variables_.open_filters > 0) return false;  // there, a name may be a member of the item
    const Variable* variable = variables_.find(path[0]);
    if (variable == nullptr) return may_be_given(context_, path[0]);
    if (!variable->is_input) return false;
    const ItemType* type = variable->type.get();
    for (std::size_t i = 1; i < path.size() && type != nullptr && type->type.kind != Kind::any; ++i) {
      if (has_own_constraints(type) || type->again != nullptr) return false;
      type = with_components(type);
      const auto component = std::ranges::find(type->components, path[i], &ItemType::Component::name);
      if (component == type->components.end()) return false;
      type = component->type.get();
    }
    return add_type(type);
  }

  // False when the type says something that cannot be looked through, or contradicts another.
  bool add_type(const ItemType* type) {
    if (type == nullptr) return true;
    if (type->type.kind == Kind::any && !type->constrained) return true;
    if (!feel::is_scalar(type->type.kind) || (source_.typed && source_.kind != type->type.kind)) {
      broken_ = true;
    } else {
      source_.kind = type->type.kind;
      source_.types.push_back(type);
      for (const ItemType* each = type; each != nullptr; each = each->base.get()) {
        if (each->again != nullptr || each->type_constraint != nullptr) broken_ = true;
        if (!each->allowed_values_text.empty()) source_.allowed.push_back(each->allowed_values_text);
      }
    }
    source_.typed = !broken_;
    return !broken_;
  }

  const ReadContext& context_;
  const Variables& variables_;
  ColumnSource& source_;
  bool broken_ = false;
};

bool reads_the_same(const Names& a, const Names& b) {
  const std::size_t common = std::min(a.size(), b.size());
  return common > 0 && std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin());
}

}  // namespace

std::vector<ColumnSource> column_sources(const ReadContext& context, const std::vector<const XmlElement*>& inputs,
                                         const TableParts& parts, const Variables& variables) {
  std::vector<ColumnSource> sources(inputs.size());
  std::vector<Names> paths;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    paths.push_back(SourceReader(context, variables, sources[i]).read(*inputs[i], parts.inputs[i]));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t other = 0; other < paths.size(); ++other) {
      if (other != i && reads_the_same(paths[i], paths[other])) sources[i].independent = false;
    }
  }
  return sources;
}

}  // namespace fermata::dmn::lint
