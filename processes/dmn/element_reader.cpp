// Inputs, decisions, knowledge models and decision services (6.3), and what they require of each other.
#include <algorithm>

#include "processes/dmn/logic_compiler.h"
#include "processes/xml/unicode.h"

namespace fermata::dmn {
namespace {

using Kind = Reference::Kind;

class ElementReader {
 public:
  explicit ElementReader(ReadContext& context) : context_(context), model_(context.model) {}

  void read() {
    if (!register_all()) return;
    for (std::size_t i = 0; i < decisions_.size(); ++i) {
      model_.decisions[i].required = requirements(*decisions_[i]);
      list_requirements(model_.decisions[i]);
    }
    for (std::size_t i = 0; i < knowledge_.size(); ++i) model_.knowledge[i].required = requirements(*knowledge_[i]);
    for (std::size_t i = 0; i < services_.size(); ++i) read_service(*services_[i], model_.services[i]);
    check_requirements(context_, decisions_);
    for (std::size_t i = 0; i < knowledge_.size(); ++i) compile_knowledge(*knowledge_[i], model_.knowledge[i]);
    for (std::size_t i = 0; i < decisions_.size(); ++i) compile_decision(*decisions_[i], model_.decisions[i]);
  }

 private:
  // Everything by id and name first: requirements may name what stands further down.
  bool register_all() {
    const std::vector<const XmlElement*> inputs = children(context_.root, "inputData");
    decisions_ = children(context_.root, "decision");
    knowledge_ = children(context_.root, "businessKnowledgeModel");
    services_ = children(context_.root, "decisionService");
    std::size_t cells = 0;
    count_cells(context_.root, cells);
    if (inputs.size() + decisions_.size() + knowledge_.size() + services_.size() >
            context_.options.limits.elements_max ||
        cells > context_.options.limits.cells_max) {
      context_.problems.add(rules::model_bounds, context_.root,
                            "the model has more than " + std::to_string(context_.options.limits.elements_max) +
                                " elements or " + std::to_string(context_.options.limits.cells_max) + " cells");
      return false;
    }
    for (const Import& import : model_.imports) model_.variables.insert(import.name);
    for (const XmlElement* input : inputs) {
      register_element(*input, {Kind::input, Reference::own, model_.inputs.size()});
      model_.inputs.push_back({info_of(*input), std::string(input->get("name")),
                               type_of(context_, *input, variable_type(*input)), context_.place_of(*input)});
    }
    for (const XmlElement* decision : decisions_) {
      register_element(*decision, {Kind::decision, Reference::own, model_.decisions.size()});
      Decision& made = model_.decisions.emplace_back();
      made.info.id = decision->get("id");
      made.info.name = decision->get("name");
      made.info.variable = variable_name(*decision);
      made.info.type_ref = variable_type(*decision);
      made.info.line = decision->position.line;
      made.info.version_tag = version_tag(*decision);
      made.type = type_of(context_, *decision, made.info.type_ref);
      made.place = context_.place_of(*decision);
    }
    for (const XmlElement* knowledge : knowledge_) {
      register_element(*knowledge, {Kind::knowledge, Reference::own, model_.knowledge.size()});
      model_.knowledge.push_back(
          {std::string(knowledge->get("id")), variable_name(*knowledge), nullptr, {}, context_.place_of(*knowledge)});
    }
    for (const XmlElement* service : services_) {
      register_element(*service, {Kind::service, Reference::own, model_.services.size()});
      Service& made = model_.services.emplace_back();
      made.info.id = service->get("id");
      made.info.name = variable_name(*service);
      made.info.line = service->position.line;
      made.place = context_.place_of(*service);
    }
    return true;
  }

  static std::string version_tag(const XmlElement& decision) {
    if (const xml::XmlAttribute* tag = decision.find(xml::Namespace::camunda, "versionTag")) return tag->value;
    const XmlElement* extensions = child(decision, "extensionElements");
    const XmlElement* tag = extensions == nullptr ? nullptr : extensions->child(xml::Namespace::zeebe, "versionTag");
    return tag == nullptr ? std::string() : std::string(tag->get("value"));
  }

  // After the names of a decision are known.
  static void describe_result(const XmlElement* logic, DecisionInfo& info) {
    info.outputs = {info.variable};
    if (logic == nullptr || !is(*logic, "decisionTable")) return;
    const std::string_view policy = xml::trimmed(logic->get("hitPolicy"));
    const bool aggregated = !xml::trimmed(logic->get("aggregation")).empty();
    info.gives_list = policy == "RULE ORDER" || policy == "OUTPUT ORDER" || (policy == "COLLECT" && !aggregated);
    const std::vector<const XmlElement*> outputs = children(*logic, "output");
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      std::string_view name = outputs[i]->get("name");
      if (name.empty()) name = outputs[i]->get("label");
      if (i > 0) info.outputs.emplace_back();
      if (!name.empty()) info.outputs[i] = name;
    }
  }

  static void count_cells(const XmlElement& element, std::size_t& cells) {
    if (is(element, "inputEntry") || is(element, "outputEntry")) ++cells;
    for (const XmlElement* each : element.children) count_cells(*each, cells);
  }

  static InputInfo info_of(const XmlElement& element) {
    return {std::string(element.get("id")), variable_name(element), std::string(variable_type(element))};
  }

  void register_element(const XmlElement& element, const Reference& reference) {
    if (element.get("name").empty() && variable_name(element).empty())
      context_.problems.add(rules::missing_name, element, described(element) + " has no name");
    if (!names_.insert(std::string(element.get("name"))).second)
      context_.problems.add(rules::duplicate_name, element,
                            "another element is called '" + std::string(element.get("name")) + "'");
    model_.variables.insert(variable_name(element));
    if (!element.has("id")) return;
    if (!model_.by_id.emplace(std::string(element.get("id")), reference).second)
      context_.problems.add(rules::duplicate_id, element,
                            "the id '" + std::string(element.get("id")) + "' is used twice");
  }

  /// The element that the href of a child names (6.3.13); nullopt with a problem when there is none.
  std::optional<Reference> resolve(const XmlElement& link) {
    const std::string_view href = xml::trimmed(link.get("href"));
    const std::size_t hash = href.rfind('#');
    const std::string_view name_space = hash == std::string_view::npos ? std::string_view{} : href.substr(0, hash);
    const std::string_view id = hash == std::string_view::npos ? href : href.substr(hash + 1);
    if (name_space.empty() || name_space == model_.name_space) {
      const auto found = model_.by_id.find(id);
      if (found != model_.by_id.end()) return found->second;
    }
    for (std::size_t i = 0; i < model_.imports.size(); ++i) {
      if (name_space != model_.imports[i].name_space) continue;
      const auto found = model_.imports[i].model->by_id.find(id);
      if (found == model_.imports[i].model->by_id.end()) continue;
      Reference reference = found->second;
      reference.import = i;
      return reference;
    }
    context_.problems.add(rules::dangling_reference, link,
                          "there is no element '" + std::string(href.substr(0, 200)) + "'");
    return std::nullopt;
  }

  std::optional<Reference> resolve(const XmlElement& link, std::initializer_list<Kind> kinds) {
    std::optional<Reference> reference = resolve(link);
    if (!reference || std::ranges::find(kinds, reference->kind) != kinds.end()) return reference;
    context_.problems.add(
        rules::reference_type, link,
        "'" + std::string(link.get("href").substr(0, 200)) + "' is not what a " + link.name + " may be");
    return std::nullopt;
  }

  std::vector<Reference> requirements(const XmlElement& element) {
    std::vector<Reference> required;
    const auto add = [&](const XmlElement& requirement, std::string_view name, std::initializer_list<Kind> kinds) {
      const XmlElement* link = child(requirement, name);
      if (link == nullptr) return;
      if (const std::optional<Reference> reference = resolve(*link, kinds)) required.push_back(*reference);
    };
    for (const XmlElement* requirement : children(element, "informationRequirement")) {
      add(*requirement, "requiredInput", {Kind::input});
      add(*requirement, "requiredDecision", {Kind::decision});
    }
    for (const XmlElement* requirement : children(element, "knowledgeRequirement"))
      add(*requirement, "requiredKnowledge", {Kind::knowledge, Kind::service});
    return required;
  }

  void list_requirements(Decision& decision) {
    for (const Reference& reference : decision.required) {
      const bool own = reference.import == Reference::own;
      const ModelData& target = own ? model_ : *model_.imports[reference.import].model;
      const std::string prefix =
          own || model_.imports[reference.import].name.empty() ? "" : model_.imports[reference.import].name + ".";
      if (reference.kind == Kind::input)
        decision.info.required_inputs.push_back(prefix + target.inputs[reference.index].info.name);
      if (reference.kind == Kind::decision)
        decision.info.required_decisions.push_back(prefix + target.decisions[reference.index].info.id);
    }
  }

  void read_service(const XmlElement& element, Service& service) {
    for (const XmlElement* link : children(element, "outputDecision")) {
      const std::optional<Reference> reference = resolve(*link, {Kind::decision});
      if (!reference) continue;
      service.outputs.push_back(*reference);
      service.info.output_decisions.push_back(target_of(*reference).decisions[reference->index].info.id);
    }
    for (const XmlElement* link : children(element, "encapsulatedDecision")) (void)resolve(*link, {Kind::decision});
    for (const XmlElement* link : children(element, "inputData")) {
      const std::optional<Reference> reference = resolve(*link, {Kind::input});
      if (!reference) continue;
      service.parameters.push_back(*reference);
      service.info.parameters.push_back(target_of(*reference).inputs[reference->index].info);
    }
    for (const XmlElement* link : children(element, "inputDecision")) {
      const std::optional<Reference> reference = resolve(*link, {Kind::decision});
      if (!reference) continue;
      const DecisionInfo& info = target_of(*reference).decisions[reference->index].info;
      service.parameters.push_back(*reference);
      service.info.parameters.push_back({info.id, info.variable, info.type_ref});
    }
    if (service.outputs.empty() && children(element, "outputDecision").empty())
      context_.problems.add(rules::service_output, element, described(element) + " has no output decision");
    service.result = result_type(type_of(context_, element, variable_type(element)));
  }

  // The type of an invocable is that of a function (7.3.3); older models write the type of what it gives.
  static ItemTypePtr result_type(const ItemTypePtr& type) {
    return type != nullptr && type->type.kind == feel::Type::Kind::function ? type->function_result : type;
  }

  [[nodiscard]] const ModelData& target_of(const Reference& reference) const {
    return reference.import == Reference::own ? model_ : *model_.imports[reference.import].model;
  }

  feel::KnownNames names_for(const std::vector<Reference>& required) {
    feel::KnownNames names;
    names.members = &model_.members;
    for (const Reference& reference : required) {
      const bool prefixed = reference.import != Reference::own && !model_.imports[reference.import].name.empty();
      names.names.add(prefixed ? model_.imports[reference.import].name : variable_of(model_, reference));
      if (const std::string_view id = second_name_of(model_, reference); !id.empty()) names.names.add(std::string(id));
    }
    return names;
  }

  lint::Variables variables_for(const std::vector<Reference>& required) {
    lint::Variables variables;
    for (const Reference& reference : required) {
      lint::Variable variable = variable_for(reference);
      if (const std::string_view id = second_name_of(model_, reference); !id.empty()) {
        lint::Variable again = variable;
        again.name = id;
        variables.push(std::move(again));
      }
      if (reference.kind == Kind::input || reference.kind == Kind::decision) variables.requires_something = true;
      if (variables.find(variable.name) == nullptr) {
        variables.push(std::move(variable));
      } else {  // two of one name (or of one import): which of them is seen is nothing to build upon
        variables.blur(variable.name);
      }
    }
    variables.declared = variables.requires_something && (!model_.inputs.empty() || !model_.imports.empty());
    return variables;
  }

  [[nodiscard]] lint::Variable variable_for(const Reference& reference) const {
    const ModelData& target = target_of(reference);
    if (reference.import != Reference::own && !model_.imports[reference.import].name.empty())
      return {model_.imports[reference.import].name, nullptr, false};
    if (reference.kind == Kind::input) return {variable_of(model_, reference), target.inputs[reference.index].type};
    if (reference.kind == Kind::decision)
      return {variable_of(model_, reference), target.decisions[reference.index].type};
    return {variable_of(model_, reference), nullptr, false};
  }

  void compile_decision(const XmlElement& element, Decision& decision) {
    const XmlElement* expression = LogicCompiler::expression_in(element);
    decision.info.logic = LogicCompiler::kind_of(expression);
    describe_result(expression, decision.info);
    if (expression == nullptr) return;
    const feel::KnownNames names = names_for(decision.required);
    LogicCompiler compiler(context_, names, variables_for(decision.required), decision.info.id);
    decision.logic = compiler.compile(*expression, decision.type);
    decision.frame = compiler.frame();
    model_.deepest_logic = std::max<std::size_t>(model_.deepest_logic, decision.logic->depth);
  }

  void compile_knowledge(const XmlElement& element, Knowledge& knowledge) {
    const feel::KnownNames names = names_for(knowledge.required);
    lint::Variables variables = variables_for(knowledge.required);
    variables.requires_something = variables.declared = true;  // it sees nothing of what callers give
    LogicCompiler compiler(context_, names, std::move(variables), knowledge.id);
    const XmlElement* logic = child(element, "encapsulatedLogic");
    std::shared_ptr<FunctionCode> code = compiler.compile_function(logic == nullptr ? element : *logic, knowledge.name);
    if (code->result == nullptr) code->result = result_type(type_of(context_, element, variable_type(element)));
    knowledge.code = std::move(code);
  }

  ReadContext& context_;
  ModelData& model_;
  std::vector<const XmlElement*> decisions_;
  std::vector<const XmlElement*> knowledge_;
  std::vector<const XmlElement*> services_;
  std::set<std::string> names_;
};

}  // namespace

void read_elements(ReadContext& context) {
  ElementReader(context).read();
}

}  // namespace fermata::dmn
