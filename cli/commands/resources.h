// The things that can be listed, searched and got by the command line: names, paths and columns.
//
//   const Resource* incidents = find_resource("inc");   // path "incidents", key "incidentKey"
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/client/output.h"

namespace fermata::cli {

struct ResourceKind {
  std::string_view name;      ///< "instances"
  std::string_view singular;  ///< "instance"
  std::string_view alias;     ///< "pi"
  std::string_view path;      ///< below /v2: "process-instances"
  std::string_view key_field;
  std::string_view process_filter;  ///< by process id; empty: cannot
  std::string_view state_filter;    ///< empty: cannot
  std::string_view sort;            ///< newest last
  std::span<const Column> columns;
  bool gettable = true;
  std::string_view key_characters = "0123456789";
};

/// By name, singular or alias; nullptr when there is none.
[[nodiscard]] const ResourceKind* find_resource(std::string_view name);
/// "instances (pi), definitions (pd), ..." for messages.
[[nodiscard]] std::string resource_names();

}  // namespace fermata::cli
