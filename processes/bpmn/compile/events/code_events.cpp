// Error and escalation events (BPMN 2.0.2, 10.5.5): thrown with a code, caught by code, or all of them when no code is
// named.
#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/compile/events/event_compilers.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

struct CodeVocabulary {
  std::string_view reference;  ///< attribute of the event definition
  std::string_view root;       ///< element that it refers to
  std::string_view code;       ///< attribute of that element
  std::string_view code_variable;
  std::string_view message_variable;
  const Rule& missing;
};

void compile_code_event(CompileContext& context, const EventContext& event, const CodeVocabulary& words,
                        Element& element) {
  CodeDefinition& code = element.code.emplace();
  if (!is_throwing(event.place)) {
    code.code_variable = event.definition.get(Namespace::camunda, words.code_variable);
    code.message_variable = event.definition.get(Namespace::camunda, words.message_variable);
  }
  const std::string_view reference = trimmed(event.definition.get(words.reference));
  if (reference.empty()) {
    if (is_throwing(event.place)) {
      context.report(words.missing, event.definition,
                     described(*event.node.xml) + " throws no " + std::string(words.root));
    }
    return;
  }
  const XmlElement* root = context.model().resolve(event.definition, reference);
  if (root == nullptr && words.root == "error")
    code.code = make_constant(Value::string(reference));  // refused, or Camunda's convention
  if (root == nullptr || !root->is(words.root)) return;   // reported as a dangling reference
  code.code = context.read_value(*root, root->find(words.code));
  if (words.root == "error") code.message = context.read_value(*root, root->find(Namespace::camunda, "errorMessage"));
  if (is_throwing(event.place) && trimmed(root->get(words.code)).empty()) {
    context.report(words.missing, event.definition, described(*root) + " has no " + std::string(words.code));
  }
}

}  // namespace

void compile_error_event(CompileContext& context, const EventContext& event, Element& element) {
  static const CodeVocabulary words{"errorRef",       "error", "errorCode", "errorCodeVariable", "errorMessageVariable",
                                    rules::error_code};
  compile_code_event(context, event, words, element);
}

void compile_escalation_event(CompileContext& context, const EventContext& event, Element& element) {
  static const CodeVocabulary words{"escalationRef",          "escalation", "escalationCode",
                                    "escalationCodeVariable", "",           rules::escalation_code};
  compile_code_event(context, event, words, element);
}

}  // namespace fermata::bpmn
