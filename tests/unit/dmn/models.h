// Small models for the tests of processes/dmn.
#pragma once

#include <string>

#include "processes/dmn/dmn.h"

namespace fermata::dmn {

/// <definitions> around `content`; its first line is line 2 of the file.
[[nodiscard]] std::string model_xml(std::string_view content, std::string_view attributes = "");
/// Reads it; a refused model fails the test with its problems.
[[nodiscard]] ModelPtr model_of(std::string_view content, const ReadOptions& options = {});
[[nodiscard]] std::string text_of(const std::vector<Problem>& problems);

/// A decision "d" of a literal expression, XML-escaped already.
[[nodiscard]] std::string literal(std::string_view name, std::string_view text, std::string_view requirements = "",
                                  std::string_view type_ref = "");
/// An input data element whose id is its name.
[[nodiscard]] std::string input(std::string_view name, std::string_view type_ref = "");
[[nodiscard]] std::string needs_input(std::string_view id);
[[nodiscard]] std::string needs_decision(std::string_view id);
[[nodiscard]] std::string needs_knowledge(std::string_view id);

/// A context from JSON.
[[nodiscard]] Value json(std::string_view text);
/// FEEL's notation of the decision's value, or "error: ...".
[[nodiscard]] std::string value_of(const ModelPtr& model, std::string_view decision, std::string_view inputs = "{}");
/// The decision's warnings, one per line: "element line:column message".
[[nodiscard]] std::string warnings_of(const ModelPtr& model, std::string_view decision, std::string_view inputs = "{}");

}  // namespace fermata::dmn
