// Multi-instance marker (BPMN 2.0.2, 10.3.8): cardinality or collection, from the standard, zeebe: or camunda:.
#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/dialect/zeebe.h"

namespace fermata::bpmn {
namespace {

// The standard refers to data by id; a variable has the name that the data object shows.
std::string variable_name(const CompileContext& context, const XmlElement& reference) {
  const XmlElement* data = context.model().resolve(reference, reference.trimmed_text());
  if (data != nullptr && !data->get("name").empty()) return std::string(data->get("name"));
  return std::string(reference.trimmed_text());
}

void read_standard_data(CompileContext& context, const XmlElement& loop, MultiInstance& multi) {
  if (const XmlElement* input = loop.child("loopDataInputRef"); input != nullptr && !input->trimmed_text().empty()) {
    const bool is_expression = input->trimmed_text().find('{') != std::string_view::npos;
    multi.collection = is_expression ? context.read_value(*input, input->trimmed_text())
                                     : make_variable(variable_name(context, *input));
  }
  if (const XmlElement* item = loop.child("inputDataItem")) {
    multi.input_element = item->has("name") ? item->get("name") : item->get("id");
  }
  const XmlElement* output = loop.child("loopDataOutputRef");
  const XmlElement* item = loop.child("outputDataItem");
  if (output != nullptr && item != nullptr) {
    multi.output_collection = variable_name(context, *output);
    multi.output_element = make_variable(std::string(item->has("name") ? item->get("name") : item->get("id")));
  }
}

bool has_juel(const XmlElement* expression) {
  if (expression == nullptr) return false;
  const std::string_view text = expression->trimmed_text();
  return text.find("${") != std::string_view::npos || text.find("#{") != std::string_view::npos;
}

// Camunda 7 counts the inner instances from 0. The standard does not say, so all others count from 1, as Camunda 8 does.
bool counts_from_zero(const CompileContext& context, const XmlElement& loop) {
  if (extension(loop, Namespace::zeebe, "loopCharacteristics") != nullptr) return false;
  if (context.dialect() == Dialect::camunda) return true;
  if (loop.find(Namespace::camunda, "collection") != nullptr) return true;
  if (context.dialect() == Dialect::zeebe) return false;
  return has_juel(loop.child("loopCardinality")) || has_juel(loop.child("loopDataInputRef")) ||
         has_juel(loop.child("completionCondition"));
}

// What an inner instance writes there is its own, or else the last one would speak for all.
std::string local_output(const MultiInstance& multi) {
  if (multi.output_element == nullptr) return {};
  const std::string_view name = multi.output_element->head_variable();
  return name == multi.input_element || name == "loopCounter" ? std::string{} : std::string(name);
}

}  // namespace

void compile_multi_instance(CompileContext& context, const Node& node, Element& element) {
  const XmlElement* loop = node.xml->child("multiInstanceLoopCharacteristics");
  if (loop == nullptr) return;
  MultiInstance& multi = element.multi_instance.emplace();
  multi.sequential = is_true(loop->find("isSequential"), false);
  if (const XmlElement* cardinality = loop->child("loopCardinality"))
    multi.cardinality = context.read_formal(*cardinality);
  if (const XmlElement* condition = loop->child("completionCondition"))
    multi.completion_condition = context.read_condition(*condition);
  read_standard_data(context, *loop, multi);
  zeebe::read_multi_instance(context, *loop, multi);
  camunda::read_multi_instance(context, *loop, multi);
  if (multi.collection == nullptr && multi.cardinality == nullptr && !context.has_error()) {
    context.report(rules::multi_instance_count, *loop, described(*node.xml) + " names a collection, but the name is empty");
  }
  if (counts_from_zero(context, *loop)) multi.counter_from = 0;
  multi.output_variable = local_output(multi);
}

}  // namespace fermata::bpmn
