// Small models for tests: wrappers around bodies, and a compiler that fails the test when a model is refused.
#pragma once

#include <string>
#include <string_view>

#include "processes/bpmn/deploy.h"

namespace fermata::bpmn::testing {

/// <definitions> with the namespaces of the standard and `vendor` ("", "camunda", "zeebe") around `content`. Two lines
/// stand before it.
[[nodiscard]] std::string definitions(std::string_view content, std::string_view vendor = "");
/// An executable process p around `body`; in it, lines "a -> b" stand for sequence flows.
[[nodiscard]] std::string process(std::string_view body, std::string_view vendor = "");
[[nodiscard]] std::string with_flows(std::string_view body);

[[nodiscard]] CompileResult compile_text(std::string_view bytes, const CompileOptions& options = {});
/// The graph of the only process; refused models fail the test and answer nullptr.
[[nodiscard]] ProcessGraphPtr graph_of(std::string_view bytes);
[[nodiscard]] std::string problems_of(const CompileResult& result);
/// The element, or a failed test.
[[nodiscard]] const Element& element_of(const ProcessGraph& graph, std::string_view id);

/// Milliseconds of processor time since the start of the program: a bound on work that a busy machine does not break.
[[nodiscard]] double cpu_ms();

/// What an expression yields with these variables: name, JSON text.
[[nodiscard]] std::string evaluated(
    const ExpressionPtr& expression,
    std::initializer_list<std::pair<std::string_view, std::string_view>> variables = {});

}  // namespace fermata::bpmn::testing
