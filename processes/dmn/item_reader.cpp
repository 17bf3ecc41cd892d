// Item definitions (7.3.3) to types, and the typeRefs that name them.
#include <algorithm>

#include "processes/dmn/read_context.h"
#include "processes/feel/embedded.h"
#include "processes/feel/scanner.h"
#include "processes/xml/unicode.h"

namespace fermata::dmn {
namespace {

// A definition is copied into each that uses it, so the size of all together is bounded.
constexpr std::size_t type_parts_max = 10'000;
constexpr std::size_t definition_depth_max = 100;

// The types of other notations that modelers write.
std::string_view feel_name(std::string_view name) {
  if (name == "integer" || name == "long" || name == "double" || name == "decimal") return "number";
  if (name == "any") return "Any";
  return name;
}

std::string_view without_prefix(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

class ItemReader {
 public:
  explicit ItemReader(ReadContext& context) : context_(context) {}

  bool read() {
    for (const XmlElement* item : children(context_.root, "itemDefinition")) {
      const std::string name(item->get("name"));
      if (name.empty()) {
        context_.problems.add(rules::missing_name, *item, "an item definition has no name");
      } else if (!definitions_.emplace(name, item).second) {
        context_.problems.add(rules::duplicate_item, *item, "there are two item definitions '" + name + "'");
      }
    }
    for (const auto& [name, item] : definitions_) (void)defined(name, *item);
    if (parts_ > parts_of_model_max || within_bounds_ == false) {
      context_.problems.add(rules::model_bounds, context_.root,
                            "the item definitions are too large or nested too deeply");
      return false;
    }
    add_texts();
    return true;
  }

 private:
  static constexpr std::size_t parts_of_model_max = 1'000'000;

  struct Open {
    std::string name;
    const ItemType* type;
    std::size_t components;  ///< around it
  };

  // The definition of that name, read when it is first asked for; null with a problem when it contains itself.
  ItemTypePtr defined(const std::string& name, const XmlElement& at) {
    if (const auto made = context_.model.items.find(name); made != context_.model.items.end()) return made->second;
    const auto again = std::ranges::find_if(open_, [&](const Open& open) { return open.name == name; });
    if (again != open_.end()) return repeated(*again, at);
    if (open_.size() >= definition_depth_max) within_bounds_ = false;
    if (!within_bounds_) return nullptr;
    const auto made = std::make_shared<ItemType>();
    open_.push_back({name, made.get(), components_});
    item(*definitions_.at(name), *made);
    open_.pop_back();
    made->name = name;
    context_.model.items.emplace(name, made);
    return made;
  }

  // A definition within itself, as the children of a tree: fine when there is a component between the two.
  ItemTypePtr repeated(const Open& open, const XmlElement& at) {
    if (open.components == components_) {
      context_.problems.add(rules::type_cycle, at, "the item definition '" + open.name + "' is defined as itself");
      return nullptr;
    }
    auto made = std::make_shared<ItemType>();
    made->name = open.name;
    made->again = open.type;
    made->constrained = true;
    recursive_.insert(open.name);
    return made;
  }

  void item(const XmlElement& definition, ItemType& type) {
    ItemType* const made = &type;
    made->name = definition.get("name");
    const XmlElement* reference = child(definition, "typeRef");
    const std::vector<const XmlElement*> components = children(definition, "itemComponent");
    if (const XmlElement* function = child(definition, "functionItem")) {
      read_function(*function, *made);
    } else if (!components.empty()) {
      read_components(components, *made);
    } else if (reference != nullptr) {
      made->base = named(*reference, reference->trimmed_text());
      if (made->base != nullptr) {
        made->type = made->base->type;
        made->parts += made->base->parts;
        made->constrained = made->base->constrained;
        made->components = made->base->components;
      }
    }
    made->collection = is_true(definition.find("isCollection"), false);
    if (made->collection) make_collection(*made);
    read_constraints(definition, *made);
    parts_ += made->parts;
    if (made->parts > type_parts_max || parts_ > parts_of_model_max) {
      within_bounds_ = false;
      made->type = {};
      made->parts = 1;
    }
  }

  void make_collection(ItemType& made) {
    if (made.base == nullptr) {  // the items are what stands here
      auto items = std::make_shared<ItemType>();
      items->name = made.name;
      items->type = made.type;
      items->components = std::move(made.components);
      items->constrained = made.constrained;
      items->function_result = made.function_result;
      made.base = std::move(items);
    }
    made.components.clear();
    made.type = feel::Type{feel::Type::Kind::list, {made.base->type}, {}};
  }

  void read_components(const std::vector<const XmlElement*>& components, ItemType& made) {
    made.type.kind = feel::Type::Kind::context;
    ++components_;
    for (const XmlElement* component : components) {
      if (component->get("name").empty())
        context_.problems.add(rules::missing_name, *component, "a component has no name");
      const auto type = std::make_shared<ItemType>();
      item(*component, *type);
      made.parts += type->parts;
      if (made.parts > type_parts_max) within_bounds_ = false;
      if (!within_bounds_) break;
      made.constrained = made.constrained || type->constrained;
      made.type.members.push_back(type->name);
      made.type.arguments.push_back(type->type);
      std::string name = type->name;
      made.components.push_back({std::move(name), type});
    }
    --components_;
  }

  void read_function(const XmlElement& function, ItemType& made) {
    made.type.kind = feel::Type::Kind::function;
    std::vector<feel::Type> signature;
    for (const XmlElement* parameter : children(function, "parameters")) {
      const ItemTypePtr type = named(*parameter, parameter->get("typeRef"));
      signature.push_back(type == nullptr ? feel::Type{} : type->type);
      made.parts += type == nullptr ? 1 : type->parts;
    }
    made.function_result = named(function, function.get("outputTypeRef"));
    signature.push_back(made.function_result == nullptr ? feel::Type{} : made.function_result->type);
    made.parts += made.function_result == nullptr ? 1 : made.function_result->parts;
    made.type.arguments = std::move(signature);
  }

  void read_constraints(const XmlElement& definition, ItemType& made) {
    const auto tests = [&](const char* name, std::string* text_too) -> feel::NodePtr {
      const XmlElement* holder = child(definition, name);
      const XmlElement* text = holder == nullptr ? nullptr : child(*holder, "text");
      if (text == nullptr || text->trimmed_text().empty()) return nullptr;
      if (text_too != nullptr) *text_too = text->trimmed_text();
      const feel::SourcePtr source = context_.source_of(*text);
      try {
        made.constrained = true;
        return feel::embed({source, context_.feel, nullptr, true, nullptr});
      } catch (const feel::ParseError& error) {
        context_.problems.add_at(rules::expression, *text, position_in_file(*source, error.offset), error.message);
        return nullptr;
      }
    };
    made.allowed_values = tests("allowedValues", &made.allowed_values_text);
    made.type_constraint = tests("typeConstraint", nullptr);
  }

  ItemTypePtr named(const XmlElement& at, std::string_view reference) {
    const std::string name(reference);
    feel::Type simple;
    if (!feel::simple_type(feel_name(name), simple)) {
      if (definitions_.contains(name)) return defined(name, at);
      const std::string local(without_prefix(name));
      if (local != name && definitions_.contains(local) && !feel::simple_type(feel_name(local), simple))
        return defined(local, at);
    }
    return type_of(context_, at, reference);
  }

  // FEEL's notation of the definitions, for "instance of" and the parameters of functions.
  void add_texts() {
    for (const auto& [name, item] : definitions_) context_.model.item_texts.push_back({name, text_of(*item)});
    for (const Import& import : context_.model.imports) {
      for (const feel::TypeDefinition& theirs : import.model->item_texts) {
        const std::string prefix = import.name.empty() ? "" : import.name + ".";
        context_.feel.types.push_back({prefix + theirs.name, with_prefix(theirs.definition, import, prefix)});
      }
    }
    context_.feel.types.insert(context_.feel.types.end(), context_.model.item_texts.begin(),
                               context_.model.item_texts.end());
  }

  // The definitions of an imported model name each other without its prefix; written out they need none.
  static std::string with_prefix(const std::string& definition, const Import& import, const std::string& prefix) {
    if (prefix.empty()) return definition;
    const auto found = import.model->items.find(definition);
    return found == import.model->items.end() ? definition : prefix + definition;
  }

  std::string type_text(std::string_view reference) {
    const std::string_view name = xml::trimmed(reference);
    if (name.empty()) return "Any";
    std::string text(feel_name(definitions_.contains(std::string(name)) ? name : without_prefix(name)));
    return recursive_.contains(text) ? "Any" : text;  // FEEL's types are finite
  }

  std::string text_of(const XmlElement& item) {
    std::string text = "Any";
    const std::vector<const XmlElement*> components = children(item, "itemComponent");
    if (const XmlElement* function = child(item, "functionItem")) {
      text = "function<";
      const std::vector<const XmlElement*> parameters = children(*function, "parameters");
      for (const XmlElement* parameter : parameters)
        text += (parameter == parameters.front() ? "" : ", ") + type_text(parameter->get("typeRef"));
      text += "> -> " + type_text(function->get("outputTypeRef"));
    } else if (!components.empty()) {
      text = "context<";
      for (const XmlElement* component : components)
        text += (component == components.front() ? "" : ", ") + std::string(component->get("name")) + ": " +
                text_of(*component);
      text += ">";
    } else if (const XmlElement* reference = child(item, "typeRef")) {
      text = type_text(reference->trimmed_text());
    }
    return is_true(item.find("isCollection"), false) ? "list<" + text + ">" : text;
  }

  ReadContext& context_;
  std::map<std::string, const XmlElement*> definitions_;
  std::vector<Open> open_;  ///< being read, outermost first
  std::size_t components_ = 0;
  std::set<std::string> recursive_;
  std::size_t parts_ = 0;
  bool within_bounds_ = true;
};

ItemTypePtr find_item(const ModelData& model, std::string_view name) {
  const auto found = model.items.find(name);
  return found == model.items.end() ? nullptr : found->second;
}

ItemTypePtr find_imported(const ReadContext& context, const XmlElement& at, std::string_view name) {
  for (const Import& import : context.model.imports) {
    if (import.name.empty()) {
      if (ItemTypePtr found = find_item(*import.model, name)) return found;
    } else if (name.size() > import.name.size() && name.starts_with(import.name) && name[import.name.size()] == '.') {
      if (ItemTypePtr found = find_item(*import.model, name.substr(import.name.size() + 1))) return found;
    }
    // DMN 1.1 names the namespace by an XML prefix.
    const std::size_t colon = name.find(':');
    if (colon != std::string_view::npos && at.uri_of_prefix(name.substr(0, colon)) == import.name_space) {
      if (ItemTypePtr found = find_item(*import.model, name.substr(colon + 1))) return found;
    }
  }
  return nullptr;
}

}  // namespace

bool read_items(ReadContext& context) {
  return ItemReader(context).read();
}

ItemTypePtr type_of(ReadContext& context, const XmlElement& at, std::string_view type_ref) {
  const std::string_view name = xml::trimmed(type_ref);
  if (name.empty()) return nullptr;
  auto simple = std::make_shared<ItemType>();
  simple->name = name;
  if (feel::simple_type(feel_name(name), simple->type)) return simple;
  if (ItemTypePtr found = find_item(context.model, name)) return found;
  if (ItemTypePtr found = find_imported(context, at, name)) return found;
  const std::string_view local = without_prefix(name);
  if (feel::simple_type(feel_name(local), simple->type)) return simple;
  if (ItemTypePtr found = find_item(context.model, local)) return found;
  if (Result<feel::Type> type = feel::type_from_text(name, context.feel)) {
    simple->type = *std::move(type);
    return simple;
  }
  context.problems.add(rules::unknown_type, at, "there is no type '" + std::string(name.substr(0, 80)) + "'");
  return nullptr;
}

}  // namespace fermata::dmn
