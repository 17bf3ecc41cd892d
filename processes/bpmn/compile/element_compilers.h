// The table of executed elements: which BPMN element becomes which ElementKind, and the function that fills in what is
// its own.
//
// To execute one more element: an ElementKind, one function here, its behaviour in engine/behavior, and a scenario.
// What has no row is refused by rules/not_executed.cpp.
#pragma once

#include "processes/bpmn/compile/context.h"

namespace fermata::bpmn {

/// Fills in the part of `element` that only this kind has. Links to other elements are made later (graph_linker.h).
using CompileFunction = void (*)(CompileContext& context, const Node& node, Element& element);

void compile_service_task(CompileContext& context, const Node& node, Element& element);
void compile_send_task(CompileContext& context, const Node& node, Element& element);
void compile_receive_task(CompileContext& context, const Node& node, Element& element);
void compile_user_task(CompileContext& context, const Node& node, Element& element);
void compile_script_task(CompileContext& context, const Node& node, Element& element);
void compile_business_rule_task(CompileContext& context, const Node& node, Element& element);
void compile_call_activity(CompileContext& context, const Node& node, Element& element);
void compile_event(CompileContext& context, const Node& node, Element& element);
void compile_multi_instance(CompileContext& context, const Node& node, Element& element);

struct ElementCompiler {
  NodeType type;
  ElementKind kind;
  CompileFunction compile;  ///< null: nothing beyond what all elements have
};

/// The row of a type, or nullptr: not executed.
[[nodiscard]] const ElementCompiler* find_element_compiler(NodeType type);

/// Everything of one element: identity, kind, its own part, mappings and markers. `scope` and links are left open.
[[nodiscard]] Element compile_element(CompileContext& context, const Node& node);

}  // namespace fermata::bpmn
